import { operationCommand } from "../../cli/operation-command.ts";
import { renderRestoredWorktree } from "../../cli/render/worktrees.ts";
import { worktreeRestore } from "../../operations/worktree/restore.ts";

export default operationCommand(worktreeRestore, { render: renderRestoredWorktree });
