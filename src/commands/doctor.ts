import { operationCommand } from "../cli/operation-command.ts";
import { diagnosisWithoutContext, renderDoctor } from "../cli/render/doctor.ts";
import { doctor } from "../operations/doctor.ts";

export default operationCommand(doctor, { render: renderDoctor, withoutContext: diagnosisWithoutContext });
