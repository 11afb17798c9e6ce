import { operationCommand } from "../../cli/operation-command.ts";
import { renderSetting } from "../../cli/render/config.ts";
import { setWithoutContext } from "../../cli/setting-without-context.ts";
import { configSet } from "../../operations/config/set.ts";

export default operationCommand(configSet, { render: renderSetting, withoutContext: setWithoutContext });
