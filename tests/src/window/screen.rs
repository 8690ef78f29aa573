//! The screen as a window manager has it: which windows are shown, and the button that closes one.

use x11rb::{
    connection::Connection as _,
    protocol::xproto::{AtomEnum, ClientMessageEvent, ConnectionExt as _, EventMask, MapState, Window},
    rust_connection::RustConnection,
};

use super::{app::PATIENCE, desk::Desk};

/// A connection to the screen.
pub struct Screen {
    connection: RustConnection,
    root: Window,
}

/// The app's window is called this.
const TITLE: &[u8] = b"SMS Watchkeeper";

impl Screen {
    /// The screen of this desk.
    pub fn of(desk: &Desk) -> Self {
        let (connection, number) = RustConnection::connect(Some(&desk.display)).unwrap();
        let root = connection.setup().roots[number].root;
        Self { connection, root }
    }

    /// The app's window, if it is shown.
    fn shown(&self) -> Option<Window> {
        let mut left = vec![self.root];
        while let Some(window) = left.pop() {
            // A window may go while it is asked for.
            let Ok(tree) = self.connection.query_tree(window).unwrap().reply() else { continue };
            for child in tree.children {
                let name =
                    self.connection.get_property(false, child, AtomEnum::WM_NAME, AtomEnum::ANY, 0, 64);
                let is_ours = name.unwrap().reply().is_ok_and(|n| n.value == TITLE);
                let shown = self.connection.get_window_attributes(child).unwrap().reply();
                if is_ours && shown.is_ok_and(|a| a.map_state == MapState::VIEWABLE) {
                    return Some(child);
                }
                left.push(child);
            }
        }
        None
    }

    /// Waits until the app's window is shown, or is not.
    pub async fn wait_until_shown(&self, shown: bool) {
        let looking = async {
            while self.shown().is_some() != shown {
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(PATIENCE, looking)
            .await
            .unwrap_or_else(|_| panic!("the window: shown is not {shown}"));
    }

    /// Presses the window's button for closing.
    pub fn close(&self) {
        let atom = |name: &[u8]| self.connection.intern_atom(false, name).unwrap().reply().unwrap().atom;
        let window = self.shown().expect("no window is shown");
        let data = [atom(b"WM_DELETE_WINDOW"), 0, 0, 0, 0];
        let event = ClientMessageEvent::new(32, window, atom(b"WM_PROTOCOLS"), data);
        self.connection.send_event(false, window, EventMask::NO_EVENT, event).unwrap();
        self.connection.flush().unwrap();
    }
}
