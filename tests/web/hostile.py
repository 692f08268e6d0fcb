"""What must not come of foreign text, whatever surface shows it: the corpus of hostile.yaml, and one look for all."""

from pathlib import Path

import yaml
from playwright.sync_api import Page

_CORPUS = yaml.safe_load(Path(__file__).with_name("hostile.yaml").read_text("utf-8"))
NAMES: list[str] = _CORPUS["names"]
TEXTS: dict[str, str] = {name: text.replace("SLUMP", "x" * 200) for name, text in _CORPUS["texts"].items()}

# One element of each kind that foreign text could have made, and each attribute that could act or mislead.
_LOOK = r"""() => {
  const found = [];
  const say = (what, node) => found.push(`${what}: ${node.outerHTML.slice(0, 160)}`);
  const own = (address) => ['/assets/', '/api/documents/'].some((begin) => address.startsWith(location.origin + begin));
  const text = (node) => node.textContent ?? '';
  if (window.evil !== undefined) found.push('a script ran');
  for (const node of document.querySelectorAll(
    'iframe, frame, object, embed, portal, base, meta[http-equiv], math, foreignObject, video, audio, source, marquee, dialog'
    + ', animate, use, area, applet, details[ontoggle], body link, body style, form[action]')) say('element', node);
  for (const node of document.querySelectorAll('img')) if (!own(node.src) || node.srcset) say('picture', node);
  for (const node of document.querySelectorAll('script')) if (!own(node.src)) say('script', node);
  for (const node of document.querySelectorAll('link')) if (!own(node.href) && node.rel !== 'icon') say('link', node);
  for (const node of document.querySelectorAll('*')) {
    for (const {name, value} of node.attributes) {
      if (name.startsWith('on')) say('handler', node);
      if (['id', 'class', 'name', 'for', 'style', 'role'].includes(name) && /\bevil/.test(value)) say('identifier', node);
      if (name === 'title' && /LÅTSAS/.test(value)) say('title', node);
    }
    for (const name of ['href', 'src', 'srcset', 'action', 'formaction', 'poster', 'data', 'ping', 'xlink:href', 'background']) {
      const value = node.getAttribute(name)?.trim().toLowerCase();
      if (value === undefined || value === null) continue;
      if (/^mailto:[^?]*$/.test(value) && !/evil/.test(value)) continue;
      if (/^#[a-z-]*$/.test(value) && !/evil/.test(value)) continue;
      if (/^(?:javascript|data|vbscript|file|blob):/.test(value.replace(/\s/g, ''))) say('scheme', node);
      const address = URL.canParse(value, location.href) ? new URL(value, location.href) : null;
      if (address === null || address.origin !== location.origin || /evil/.test(address.pathname)) say('address', node);
    }
  }
  for (const node of document.querySelectorAll('[role=alert], [role=dialog], [role=alertdialog]'))
    if (/LÅTSAS/.test(text(node))) say('played part', node);
  const shown = document.title + document.body.innerText
    + [...document.querySelectorAll('[aria-label]')].map((node) => node.getAttribute('aria-label')).join(' ');
  const turned = shown.match(/[\u0000-\u0008\u000b\u000e-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g);
  if (turned !== null) found.push(`deceptive characters: ${escape(turned.join(''))}`);
  return found;
}"""

# Controls whose words come from foreign text; each must show where it leads.
_CONTROLS = r"""() => [...document.querySelectorAll(
    'a, button, input, select, textarea, summary, [role=button], [role=link], [role=menuitem], [contenteditable]')]
  .filter((node) => /LÅTSAS/.test(node.textContent + (node.getAttribute('aria-label') ?? '')))
  .map((node) => node.innerText)"""


def harm(page: Page) -> list[str]:
    """Everything on the page as it stands that foreign text must not have made."""
    return list(page.evaluate(_LOOK))


def played_controls(page: Page) -> list[str]:
    """The words of each control that foreign text has given its words, and that doesn't show where it leads."""
    return [words for words in page.evaluate(_CONTROLS) if not words.endswith(".example)")]
