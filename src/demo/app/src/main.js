import { taskServer } from "./server.js";
import { openTaskList } from "./tasks.js";

const port = Number(process.env.PORT ?? 3000);
const server = taskServer(await openTaskList("tasks.json"));
server.listen(port, "127.0.0.1", () => console.log(`Your tasks: http://127.0.0.1:${server.address().port}`));
