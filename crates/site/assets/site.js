// Small comforts of the public pages; each page works without them.

for (const listing of document.querySelectorAll('pre[data-copy]')) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'copy';
  button.textContent = 'Copy';
  button.addEventListener('click', async () => {
    // Of a session at a terminal, what was typed.
    const commands = [...listing.querySelectorAll('.command')].map((command) => command.textContent);
    await navigator.clipboard.writeText(commands.length > 0 ? commands.join('\n') : listing.textContent);
    button.textContent = 'Copied';
  });
  listing.previousElementSibling?.append(button);
}

// What a configuration keeps secret does not leave the browser: values of env and headers, and of arguments and addresses that carry them.
const stripped = (value, key) => {
  if (key === 'env' || key === 'headers') {
    return Object.fromEntries(Object.keys(value ?? {}).map((name) => [name, '']));
  }
  if (Array.isArray(value)) return value.map((one) => stripped(one, key));
  if (value && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, stripped(one, name)]));
  }
  if (typeof value === 'string' && key === 'args' && value.includes('=')) return value.split('=')[0];
  if (typeof value === 'string' && key === 'url') return value.split(/[?#]/)[0];
  return value;
};

const stack = document.querySelector('form[data-strip]');
stack?.addEventListener('submit', () => {
  const field = stack.elements.namedItem('config');
  try {
    field.value = JSON.stringify(stripped(JSON.parse(field.value), ''), null, 2);
  } catch {
    // No JSON: the server says so.
  }
});

const search = document.querySelector('form[role="search"] input[type="search"]');
if (search) {
  const list = document.createElement('datalist');
  list.id = 'suggestions';
  search.after(list);
  search.setAttribute('list', list.id);
  let asked = '';
  search.addEventListener('input', async () => {
    const text = search.value.trim();
    asked = text;
    if (text.length < 2) return;
    const answer = await fetch(`/catalog-suggest.json?q=${encodeURIComponent(text)}`);
    if (!answer.ok || asked !== text) return;
    const { servers, words } = await answer.json();
    list.replaceChildren(
      ...[...servers.map((one) => one.name), ...words].map((value) => Object.assign(document.createElement('option'), { value })),
    );
  });
}
