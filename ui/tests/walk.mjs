// Walks a page with Tab and the arrow keys, as somebody without a mouse does.

const CANDIDATES =
  'a[href], button, input, select, textarea, summary, [role=button], [role=tab], [role=menuitem], [tabindex="0"]';

/** What cannot be reached, and what does not show that it has the focus. */
export async function walk(page) {
  const findings = [];
  // Every element that can be pressed and is on the page gets a number, so that it is known again.
  const all = await page.evaluate((candidates) => {
    const seen = (e) =>
      e.getClientRects().length > 0 &&
      getComputedStyle(e).visibility !== 'hidden' &&
      !e.disabled &&
      !e.closest('[inert]');
    const number = [...document.querySelectorAll(candidates)].filter(seen);
    number.forEach((e, i) => (e.dataset.walk = String(i)));
    return number.map((e) => ({
      roving: e.tabIndex < 0,
      name: `${e.tagName.toLowerCase()} “${(e.getAttribute('aria-label') ?? e.textContent ?? '').trim().slice(0, 40)}”`,
    }));
  }, CANDIDATES);

  const reached = new Set();
  const tabs = [];
  const here = () =>
    page.evaluate(() => {
      const e = document.activeElement;
      if (!e || e === document.body) return null;
      const look = (x) => {
        const s = getComputedStyle(x);
        return `${s.outlineStyle} ${s.outlineWidth} ${s.stroke} ${s.strokeWidth} ${s.boxShadow}`;
      };
      const marked = [e, ...e.querySelectorAll('*')].map(look).join('|');
      const at = e.dataset.walk;
      e.blur();
      const plain = [e, ...e.querySelectorAll('*')].map(look).join('|');
      e.focus();
      return { at: at === undefined ? null : Number(at), tag: e.tagName, visible: marked !== plain };
    });

  await page.evaluate(() => document.body.focus());
  for (let i = 0; i < all.length + 30; i++) {
    await page.keyboard.press('Tab');
    const at = await here();
    if (at === null) break;
    if (at.at === null) continue;
    if (reached.has(at.at)) break;
    reached.add(at.at);
    if (!at.visible) findings.push(`no visible focus on ${all[at.at]?.name}`);
    // The radio buttons of one name are a single stop; the browser itself has the arrow keys go through them, and each
    // step would choose something.
    const radios = await page.evaluate(() => {
      const e = document.activeElement;
      if (e?.type !== 'radio') return [];
      return [...document.getElementsByName(e.name)].map((radio) => Number(radio.dataset.walk));
    });
    for (const radio of radios) reached.add(radio);
    // One stop stands for several things that the arrow keys go through.
    const group = await page.evaluate(() => {
      const e = document.activeElement;
      const box = e?.closest('[role=group], [role=tablist], [role=listbox], [role=radiogroup], [role=grid]');
      if (!box?.querySelector('[data-walk][tabindex="-1"]')) return null;
      return box.getAttribute('role');
    });
    // Another tab takes the rest of the page away: its turn comes when all of this one is reached.
    if (group === 'tablist') tabs.push(at.at);
    else if (group) await arrows();
  }
  for (const tab of tabs) {
    await page.focus(`[data-walk="${tab}"]`);
    await arrows();
  }

  /** Goes to the right until it comes to where it has been. */
  async function arrows() {
    for (let j = 0; j < all.length; j++) {
      await page.keyboard.press('ArrowRight');
      await page.evaluate(
        () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
      );
      const next = await here();
      if (next === null || next.at === null || reached.has(next.at)) break;
      reached.add(next.at);
      if (!next.visible) findings.push(`no visible focus on ${all[next.at]?.name}`);
    }
  }

  all.forEach(({ name }, i) => {
    if (!reached.has(i)) findings.push(`the keyboard does not reach ${name}`);
  });
  return findings;
}
