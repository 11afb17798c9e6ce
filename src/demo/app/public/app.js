const form = document.querySelector("form");
const list = document.querySelector("ul");
const status = document.querySelector("[role=status]");

async function call(method, path, body) {
  const response = await fetch(path, {
    method,
    headers: { "content-type": "application/json" },
    body: body && JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer;
}

function item({ id, title, done }) {
  const box = document.createElement("input");
  box.type = "checkbox";
  box.checked = done;
  box.addEventListener("change", () => show(() => call("PATCH", `/tasks/${id}`, { done: box.checked })));
  const label = document.createElement("label");
  label.className = done ? "done" : "";
  label.append(box, ` ${title}`);
  const line = document.createElement("li");
  line.append(label);
  return line;
}

/** Does something, then shows the list as the server has it; what goes wrong is said above it. */
async function show(work = async () => {}) {
  try {
    await work();
    const tasks = await call("GET", "/tasks");
    list.replaceChildren(...tasks.map(item));
    status.textContent = tasks.length === 0 ? "Nothing to do." : "";
  } catch (error) {
    status.textContent = `That did not work: ${error.message}`;
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  show(async () => {
    await call("POST", "/tasks", { title: form.elements.title.value });
    form.reset();
  });
});

show();
