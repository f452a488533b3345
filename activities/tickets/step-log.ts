/** One line per fact: the ids by which it is followed from the API, never what it says. */
import type { Logger } from 'pino';
import { kernelFacts } from '../../models/tickets/fact';
import type { StepSeen, Witness } from './witness';

/** A signal that was sent by hand may have any name. */
const longestName = 100;

export function logSteps(log: Logger): Witness {
  return (seen) => {
    const line = lineOf(seen);
    if (seen.result === 'thrown') log.warn(line, 'a step found no outcome');
    else if (line.fact === kernelFacts.look) log.debug(line, 'a life looked');
    else log.info(line, 'fact taken');
  };
}

function lineOf({ request, workflowId, result, seconds }: StepSeen) {
  const { organizationId, ticketId, fact } = request;
  return {
    fact: fact.name.slice(0, longestName),
    result,
    durationMs: Math.round(seconds * 1e5) / 100,
    requestId: fact.requestId,
    ...(fact.via === 'api' ? { commandId: fact.cause } : { cause: fact.cause }),
    organizationId,
    ticketId,
    workflowId,
  };
}
