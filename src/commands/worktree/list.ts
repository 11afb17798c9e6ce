import { operationCommand } from "../../cli/operation-command.ts";
import { renderWorktrees } from "../../cli/render/worktrees.ts";
import { worktreeList } from "../../operations/worktree/list.ts";

export default operationCommand(worktreeList, { render: renderWorktrees });
