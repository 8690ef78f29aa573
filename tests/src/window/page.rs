//! What a person does on the page, by the words that they read.

use std::{path::Path, time::Duration};

use fantoccini::{Client, Locator, elements::Element};

use super::app::PATIENCE;

/// Between two looks at the page, which tells of no changes by itself.
const LOOK: Duration = Duration::from_millis(50);

/// The element that `xpath` finds and that is shown; waits for it.
pub async fn find(page: &Client, xpath: &str) -> Element {
    let looking = async {
        loop {
            for element in page.find_all(Locator::XPath(xpath)).await.unwrap_or_default() {
                if element.is_displayed().await.unwrap_or(false) {
                    return element;
                }
            }
            tokio::time::sleep(LOOK).await;
        }
    };
    match tokio::time::timeout(PATIENCE, looking).await {
        Ok(element) => element,
        Err(_) => panic!("{xpath} is not there; the page says: {}", text(page).await),
    }
}

/// Presses the button or the link that is called `name`.
pub async fn press(page: &Client, name: &str) {
    let quoted = quoted(name);
    let xpath = format!(
        "//*[self::button or self::a or self::label or @role='tab' or @role='menuitem' or self::summary]\
         [normalize-space(.)={quoted} or @aria-label={quoted} or starts-with(normalize-space(.), {quoted})][not(@disabled)]"
    );
    press_found(page, &xpath, name).await;
}

/// Presses what `xpath` finds, as a person does: scrolls to it, and puts away what was told and lies over it.
pub async fn press_found(page: &Client, xpath: &str, name: &str) {
    let mut refused = None;
    for _ in 0..3 {
        let button = find(page, xpath).await;
        let scroll = "arguments[0].scrollIntoView({ block: 'center' })";
        let _ = page.execute(scroll, vec![serde_json::to_value(&button).unwrap()]).await;
        match button.click().await {
            Ok(()) => return,
            Err(e) => refused = Some(e),
        }
        for toast in page.find_all(Locator::Css(".toasts .away")).await.unwrap_or_default() {
            // It may have gone by itself.
            let _ = toast.click().await;
        }
    }
    let seen = std::env::temp_dir().join("watchkeeper-window.png");
    picture(page, &seen).await;
    panic!(
        "`{name}` cannot be pressed: {refused:?}; see {}; the page says: {}",
        seen.display(),
        text(page).await
    );
}

/// Writes into the field that is called `label`.
pub async fn write(page: &Client, label: &str, words: &str) {
    let quoted = quoted(label);
    let xpath = format!(
        "//*[self::input or self::textarea][@id=//label[starts-with(normalize-space(.), {quoted})]/@for \
         or ancestor::label[starts-with(normalize-space(.), {quoted})] or starts-with(@aria-label, {quoted})]"
    );
    let field = find(page, &xpath).await;
    field.clear().await.unwrap();
    field.send_keys(words).await.unwrap();
}

/// Waits until the page says `words` somewhere.
pub async fn says(page: &Client, words: &str) {
    let looking = async {
        while !text(page).await.contains(words) {
            tokio::time::sleep(LOOK).await;
        }
    };
    if tokio::time::timeout(PATIENCE, looking).await.is_err() {
        panic!("`{words}` is not there; the page says: {}", text(page).await);
    }
}

/// What the page says, or why it cannot be asked.
pub async fn text(page: &Client) -> String {
    match page.execute("return document.body ? document.body.innerText : ''", vec![]).await {
        Ok(text) => text.as_str().unwrap_or_default().to_owned(),
        Err(e) => format!("(nothing: {e})"),
    }
}

/// Saves a picture of the page as it is drawn.
pub async fn picture(page: &Client, path: &Path) {
    // Two frames, so that what was just changed is drawn.
    let drawn = "const done = arguments[arguments.length - 1]; \
                 requestAnimationFrame(() => requestAnimationFrame(() => done(true)))";
    page.execute_async(drawn, vec![]).await.unwrap();
    std::fs::write(path, page.screenshot().await.unwrap()).unwrap();
}

fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}
