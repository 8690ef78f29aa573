//! What is done to the deployment, beside the actor: it may take minutes, and the watch goes on meanwhile.

use std::sync::Arc;

use tokio::sync::mpsc;
use watchkeeper_core::{
    action::{ActionKind, Order, RollBackPlan},
    reading::{Failure, FailureKind, Place},
    session::Input,
    time::Span,
};

use crate::{
    clock::Clock,
    ports::{Operator, Progress},
};

/// What is asked of the operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deed {
    /// To carry the order out, or to go on with it.
    Act,
    /// To undo it.
    Undo,
    /// To see how far it has come.
    Examine,
}

/// Between two looks at something that cannot be seen yet.
const LOOK_AGAIN: Span = Span::secs(10);

/// Does it, and sends what is to be written down of it.
pub(crate) async fn carry_out(
    operator: Option<Arc<dyn Operator>>,
    clock: Arc<dyn Clock>,
    deed: Deed,
    action: u32,
    order: Order,
    came: mpsc::Sender<Input>,
) {
    let Some(operator) = operator else {
        let failure = failure("nobody can act on this deployment: it is only watched");
        let _ = came.send(Input::ActionFailed { action, failure }).await;
        return;
    };
    let plan = match (order.kind, order.plan.as_deref()) {
        (ActionKind::RollBack, None) => {
            let failure = failure("the roll back has no plan");
            let _ = came.send(Input::ActionFailed { action, failure }).await;
            return;
        }
        (_, plan) => plan,
    };
    if let (Deed::Examine, Some(plan)) = (deed, plan) {
        examine(operator.as_ref(), clock.as_ref(), action, plan, &came).await;
        return;
    }
    let (told, mut telling) = mpsc::channel::<Progress>(16);
    let doing = async {
        match (deed, plan) {
            (Deed::Undo, Some(plan)) => operator.undo(plan, told).await,
            (_, Some(plan)) => operator.roll_back(plan, told).await,
            (_, None) => operator.restart(order.part, told).await,
        }
    };
    let telling = async {
        while let Some(Progress { stage, detail }) = telling.recv().await {
            // The watch has ended: what is found at its next start tells the rest.
            let _ = came.send(Input::ActionAdvanced { action, stage, detail }).await;
        }
    };
    // The sender goes with the deed, so that all of its stages are written down before its end is.
    let (done, ()) = tokio::join!(doing, telling);
    let end = match done {
        Err(failure) => Input::ActionFailed { action, failure },
        Ok(()) if deed == Deed::Undo => Input::ActionUndone { action },
        // Its last stage has been told, and the rest follows from that.
        Ok(()) => return,
    };
    let _ = came.send(end).await;
}

/// Looks until there is something to be seen.
async fn examine(
    operator: &dyn Operator,
    clock: &dyn Clock,
    action: u32,
    plan: &RollBackPlan,
    came: &mpsc::Sender<Input>,
) {
    loop {
        match operator.examine(plan).await {
            Ok(found) => {
                let _ = came.send(Input::ActionExamined { action, found }).await;
                return;
            }
            Err(failure) => {
                tracing::warn!("how far a roll back has come cannot be seen: {}", failure.message)
            }
        }
        if came.is_closed() {
            return;
        }
        clock.sleep_until(clock.now().watch + LOOK_AGAIN).await;
    }
}

fn failure(message: &str) -> Failure {
    Failure { place: Place::ThisPc, kind: FailureKind::BadAnswer, message: message.into() }
}
