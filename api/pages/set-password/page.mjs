/** Choosing a password by the link in a mail. The token stands behind the #, which no server gets to see. */
const at = (id) => document.getElementById(id);
const token = new URLSearchParams(location.hash.slice(1)).get('token');
const fields = [at('password'), at('again')];

if (token === null || token === '') end('The link is not whole: open it from the mail once more.');
else at('form').hidden = false;

at('shown').addEventListener('change', ({ target }) => {
  for (const field of fields) field.type = target.checked ? 'text' : 'password';
});

at('form').addEventListener('submit', async (event) => {
  event.preventDefault();
  const [password, again] = fields.map(({ value }) => value);
  if (password === '') return refuse(['Type a password.'], [fields[0]]);
  if (password !== again) return refuse(['The two are not the same.'], [fields[1]]);
  clear();
  const button = event.target.querySelector('button');
  button.disabled = true;
  try {
    await choose(password);
  } catch {
    refuse(['There was no answer. Look whether you are online, and try again.']);
  } finally {
    button.disabled = false;
  }
});

async function choose(newPassword) {
  const answer = await fetch('api/v1/auth/reset-password', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token, newPassword }),
  });
  if (answer.status === 204) return succeed();
  const { detail, errors = [] } = await answer.json();
  const dead = errors.find(({ pointer }) => pointer === '/token');
  if (dead !== undefined) return end(`The link ${dead.detail}.`);
  const reasons = errors.map((one) => `The password ${one.detail}.`);
  refuse(reasons.length > 0 ? reasons : [detail], reasons.length > 0 ? [fields[0]] : []);
}

function clear() {
  at('refusal').hidden = true;
  for (const field of fields) field.removeAttribute('aria-invalid');
}

function refuse(reasons, wrong = []) {
  clear();
  const list = document.createElement('ul');
  for (const reason of reasons) {
    const item = document.createElement('li');
    item.textContent = reason;
    list.append(item);
  }
  at('refusal').replaceChildren(list);
  at('refusal').hidden = false;
  for (const field of wrong) field.setAttribute('aria-invalid', 'true');
  (wrong[0] ?? at('refusal')).focus();
}

function end(why) {
  at('form').hidden = true;
  at('why').textContent = why;
  at('ended').hidden = false;
}

function succeed() {
  at('form').reset();
  at('form').hidden = true;
  at('done').hidden = false;
  at('done').focus();
  // The link is of no more use: it need not stay in the history of the browser.
  history.replaceState(null, '', location.pathname);
}
