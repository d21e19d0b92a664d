/*
 * What a page does besides, where scripts run. Every page is whole without: forms are sent as they
 * are, curves are drawings with a table.
 */

/* A form that asks for a view is sent as soon as a choice is made, and only what stands in <main>
 * is replaced; the address is the view's, so that it can be shared and gone back to. A form that
 * changes something or holds a secret is of method POST and left to the browser. */
let asked = 0;

/* What stands in <main>, apart from the place in it. */
const viewOf = (address) => address.pathname + address.search;
let shown = viewOf(location);

const asks = (form) => form?.matches('form.choose') && form.method === 'get';

function addressOf(form) {
  const address = new URL(form.action);
  for (const [name, value] of new FormData(form)) {
    const field = form.elements.namedItem(name);
    /* What was not changed is left out, so that the link says what is the visitor's. */
    const untouched = value === field.dataset.standard;
    if (value !== '' && !untouched) address.searchParams.set(name, value);
  }
  return address;
}

async function show(address, push) {
  const turn = ++asked;
  const focused = document.activeElement?.id;
  let page;
  try {
    const answer = await fetch(address, { headers: { Accept: 'text/html' } });
    page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    /* An answer that is no view of ours, an error among them, is a page of its own. */
    if (!page.querySelector('main form.choose')) throw new Error('no view');
  } catch {
    location.assign(address);
    return;
  }
  if (turn !== asked) return; /* a later choice overtook this one */
  document.querySelector('main').replaceWith(page.querySelector('main'));
  document.title = page.title;
  shown = viewOf(new URL(address));
  if (push) history.pushState(null, '', address);
  if (focused) document.getElementById(focused)?.focus();
}

document.addEventListener('change', (event) => {
  const form = event.target.form;
  if (!asks(form) || !event.target.checkValidity()) return;
  show(addressOf(form), true);
});

document.addEventListener('submit', (event) => {
  if (!asks(event.target)) return;
  event.preventDefault();
  show(addressOf(event.target), true);
});

/* A jump to a place in the page is told of as going back is; what is shown already is not asked for
 * again. */
addEventListener('popstate', () => {
  if (viewOf(location) !== shown) show(location.href, false);
});

/* Curves that can be looked into: the library is fetched only where there is one. */
if (document.querySelector('figure[data-curve]')) import('./curves.js');
