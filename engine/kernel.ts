/** Hands the kernel its processes and tells the log, and whoever counts, of every rule that failed. */
import type { Logger } from 'pino';
import type { Kernel, Process } from '../models/tickets/rules';
import type { Alarm } from '../models/tickets/kernel/settle';

export function createKernel(
  processes: readonly Process[],
  log: Logger,
  failed: () => void = () => undefined,
): Kernel & { readonly alarm: Alarm } {
  const byType = new Map(processes.map((process) => [process.declaration.type, process]));
  return {
    processOf(type) {
      const process = byType.get(type);
      if (!process) throw new Error(`There is no process ${type}`);
      return process;
    },
    alarm(failure, ticketId) {
      const { name, cause, requestId } = failure.fact;
      failed();
      log.error(
        { ticketId, fact: name, cause, requestId, err: failure.cause },
        'a rule failed, fact set aside',
      );
    },
  };
}
