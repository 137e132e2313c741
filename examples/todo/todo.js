// Forms are sent without a new page; what has changed comes through the WebSocket, to all at once.
const list = document.querySelector('#todos');

document.addEventListener('submit', event => {
  event.preventDefault();
  const form = event.target;
  fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form)) });
  form.reset();
});

function listen() {
  const live = new WebSocket(location.href.replace(/^http/, 'ws').replace(/[?#].*/, '') + 'live');
  live.onopen = () => (document.body.dataset.live = 'yes');
  live.onmessage = event => (list.innerHTML = event.data);
  live.onclose = () => setTimeout(listen, 1000);
}

listen();
