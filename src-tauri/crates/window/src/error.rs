//! From the desk's errors to those of the window.

use watchkeeper_desk::{Code, DeskError};
use watchkeeper_report::ReportError;
use watchkeeper_store::StoreError;

use crate::contract::{ErrorCode, RequestError};

impl RequestError {
    /// An error of this kind.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), help: None }
    }

    /// With what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(crate) fn nothing_shown() -> Self {
        Self::new(ErrorCode::NothingShown, "no session is shown")
    }
}

impl From<DeskError> for RequestError {
    fn from(error: DeskError) -> Self {
        let code = match error.code {
            Code::Input => ErrorCode::Input,
            Code::Refused => ErrorCode::Refused,
            Code::NoSession => ErrorCode::NotFound,
            Code::InUse => ErrorCode::InUse,
            Code::SignedOff => ErrorCode::SignedOff,
            Code::Damaged => ErrorCode::Damaged,
            Code::Broken => ErrorCode::Broken,
            Code::CouldNot => ErrorCode::CouldNot,
        };
        Self { code, message: error.what, help: error.help }
    }
}

impl From<StoreError> for RequestError {
    fn from(error: StoreError) -> Self {
        DeskError::from(error).into()
    }
}

impl From<ReportError> for RequestError {
    fn from(error: ReportError) -> Self {
        Self::new(ErrorCode::CouldNot, error.to_string())
    }
}
