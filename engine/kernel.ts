/** Hands the kernel its processes and tells the log of every rule that failed. */
import type { Logger } from 'pino';
import type { Kernel, Process } from '../models/tickets/rules';
import type { Alarm } from '../models/tickets/kernel/settle';

export function createKernel(
  processes: readonly Process[],
  log: Logger,
): Kernel & { readonly alarm: Alarm } {
  const byType = new Map(processes.map((process) => [process.declaration.type, process]));
  return {
    processOf(type) {
      const process = byType.get(type);
      if (!process) throw new Error(`There is no process ${type}`);
      return process;
    },
    alarm(failed, ticketId) {
      const { name, cause } = failed.fact;
      log.error(
        { ticketId, fact: name, cause, err: failed.cause },
        'a rule failed, fact set aside',
      );
    },
  };
}
