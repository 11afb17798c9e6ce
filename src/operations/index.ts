import { agentAdopt } from "./agent/adopt.ts";
import { agentAssignRole } from "./agent/assign-role.ts";
import { agentClear } from "./agent/clear.ts";
import { agentDelete } from "./agent/delete.ts";
import { agentFocus } from "./agent/focus.ts";
import { agentInterrupt } from "./agent/interrupt.ts";
import { agentList } from "./agent/list.ts";
import { agentLog } from "./agent/log.ts";
import { agentRead } from "./agent/read.ts";
import { agentRespond } from "./agent/respond.ts";
import { agentScreen } from "./agent/screen.ts";
import { agentSend } from "./agent/send.ts";
import { agentShow } from "./agent/show.ts";
import { agentSpawn } from "./agent/spawn.ts";
import { agentStart } from "./agent/start.ts";
import { agentWait } from "./agent/wait.ts";
import { broadcast } from "./broadcast.ts";
import { configGet } from "./config/get.ts";
import { configList } from "./config/list.ts";
import { configPath } from "./config/path.ts";
import { configSet } from "./config/set.ts";
import { doctor } from "./doctor.ts";
import { inboxDone } from "./inbox/done.ts";
import { inbox } from "./inbox/inbox.ts";
import type { Operation } from "./operation.ts";
import { policyAllow } from "./policy/allow.ts";
import { policyAsk } from "./policy/ask.ts";
import { policyDeny } from "./policy/deny.ts";
import { policyList } from "./policy/list.ts";
import { policyLog } from "./policy/log.ts";
import { policyRemove } from "./policy/remove.ts";
import { protocolList } from "./protocol/list.ts";
import { protocolShow } from "./protocol/show.ts";
import { roleExplain } from "./role/explain.ts";
import { roleList } from "./role/list.ts";
import { roleShow } from "./role/show.ts";
import { sessionCreate } from "./session/create.ts";
import { sessionDelete } from "./session/delete.ts";
import { sessionList } from "./session/list.ts";
import { sessionRestore } from "./session/restore.ts";
import { sessionShow } from "./session/show.ts";
import { status } from "./status.ts";
import { taskCancel } from "./task/cancel.ts";
import { taskList } from "./task/list.ts";
import { taskLogs } from "./task/logs.ts";
import { taskReport } from "./task/report.ts";
import { taskRetry } from "./task/retry.ts";
import { taskShow } from "./task/show.ts";
import { taskSubmit } from "./task/submit.ts";
import { taskUpdate } from "./task/update.ts";
import { taskWait } from "./task/wait.ts";
import { teamCancel } from "./team/cancel.ts";
import { teamCoordinate } from "./team/coordinate.ts";
import { teamList } from "./team/list.ts";
import { teamShow } from "./team/show.ts";
import { workflowCancel } from "./workflow/cancel.ts";
import { workflowList } from "./workflow/list.ts";
import { workflowRun } from "./workflow/run.ts";
import { workflowShow } from "./workflow/show.ts";
import { worktreeList } from "./worktree/list.ts";
import { worktreeRestore } from "./worktree/restore.ts";

/** Every capability, once. CLI, MCP and HTTP are derived from this list. */
export const operations: readonly Operation[] = [
  sessionCreate,
  sessionList,
  sessionShow,
  sessionDelete,
  sessionRestore,
  agentSpawn,
  agentList,
  agentShow,
  agentSend,
  agentRead,
  agentLog,
  agentWait,
  agentScreen,
  agentRespond,
  agentInterrupt,
  agentClear,
  agentStart,
  agentAssignRole,
  agentFocus,
  agentDelete,
  agentAdopt,
  broadcast,
  taskSubmit,
  taskList,
  taskShow,
  taskUpdate,
  taskCancel,
  taskRetry,
  taskWait,
  taskLogs,
  taskReport,
  workflowList,
  workflowShow,
  workflowRun,
  workflowCancel,
  teamCoordinate,
  teamList,
  teamShow,
  teamCancel,
  worktreeList,
  worktreeRestore,
  status,
  inbox,
  inboxDone,
  doctor,
  roleList,
  roleShow,
  roleExplain,
  protocolList,
  protocolShow,
  policyList,
  policyAllow,
  policyAsk,
  policyDeny,
  policyRemove,
  policyLog,
  configGet,
  configSet,
  configList,
  configPath,
];
