//! The front end: its page, and one of the assets that the page names.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use url::Url;
use watchkeeper_core::reading::{Answer, FailureKind, HttpAnswer, Source, Value};
use watchkeeper_engine::ports::{Depth, Probe};

use super::{
    client::{Fetched, HttpClient, Missed, bad_answer},
    links::first_asset,
};

const HTML: &str = "text/html";

/// The asset that the page named last, shared by [`Page`] and [`Asset`].
#[derive(Debug, Clone, Default)]
pub struct KnownAsset(Arc<Mutex<Option<Url>>>);

impl KnownAsset {
    fn get(&self) -> Option<Url> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
    fn set(&self, asset: Option<Url>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = asset;
    }
}

/// The probe of [`Source::Page`].
pub struct Page {
    client: Arc<HttpClient>,
    asset: KnownAsset,
}

/// The probe of [`Source::Asset`].
pub struct Asset {
    client: Arc<HttpClient>,
    asset: KnownAsset,
}

impl Page {
    /// A probe over `client` that tells `asset` what the page names.
    pub const fn new(client: Arc<HttpClient>, asset: KnownAsset) -> Self {
        Self { client, asset }
    }
}
impl Asset {
    /// A probe over `client` that asks for `asset`.
    pub const fn new(client: Arc<HttpClient>, asset: KnownAsset) -> Self {
        Self { client, asset }
    }

    /// Reads the page to learn its asset.
    async fn learn(&self) -> Result<Url, Missed> {
        let page = page(&self.client, &self.asset).await?;
        self.asset.get().ok_or_else(|| {
            bad_answer(
                Some(page.took_ms),
                &format!("{} names no script and no style sheet of its own", page.url),
            )
        })
    }

    async fn fetch(&self) -> Result<Fetched, Missed> {
        let known = self.asset.get();
        let url = match &known {
            Some(url) => url.clone(),
            None => self.learn().await?,
        };
        let fetched = self.client.get(url.clone(), "*/*").await?;
        if fetched.status == 404 && known.is_some() {
            // A new release has new names; the page may not have been read since.
            let newer = self.learn().await?;
            if newer != url {
                return self.client.get(newer, "*/*").await;
            }
        }
        Ok(fetched)
    }
}

#[async_trait]
impl Probe for Page {
    fn source(&self) -> Source {
        Source::Page
    }
    async fn ask(&self, _depth: Depth) -> Vec<Answer> {
        if !self.client.may_ask("page") {
            return Vec::new();
        }
        answer(Source::Page, page(&self.client, &self.asset).await)
    }
}

#[async_trait]
impl Probe for Asset {
    fn source(&self) -> Source {
        Source::Asset
    }
    async fn ask(&self, _depth: Depth) -> Vec<Answer> {
        if !self.client.may_ask("asset") {
            return Vec::new();
        }
        let fetched = self.fetch().await.and_then(|fetched| {
            fetched.good()?;
            // The front end answers unknown paths with its page.
            if fetched.is_html() {
                return Err(fetched.bad("is missing: the page was answered in its place"));
            }
            Ok(fetched)
        });
        answer(Source::Asset, fetched)
    }
}

async fn page(client: &HttpClient, asset: &KnownAsset) -> Result<Fetched, Missed> {
    let fetched = client.get(client.base().clone(), HTML).await?;
    fetched.good()?;
    if !fetched.is_html() || fetched.body.is_empty() {
        return Err(fetched.bad("answered with what is no page"));
    }
    asset.set(first_asset(&fetched.url, &String::from_utf8_lossy(&fetched.body)));
    Ok(fetched)
}

fn answer(source: Source, fetched: Result<Fetched, Missed>) -> Vec<Answer> {
    match fetched {
        Ok(f) => {
            let http = HttpAnswer { status: f.status, bytes: f.body.len() as u64 };
            vec![Answer::value(source, f.took_ms, Value::Http(http))]
        }
        // The SMS's limit is no failure of it, and no sight of it either.
        Err(missed) if missed.failure.kind == FailureKind::Status(429) => Vec::new(),
        Err(missed) => vec![missed.into_answer(source)],
    }
}
