/** Rounds of approval that a change has opened. */
import { z } from 'zod';
import { eventually, type World } from '../harness';
import { leadLife, type LivingTicket } from './living';

const Details = z.looseObject({
  approval: z.object({ rounds: z.array(z.object({ id: z.string() })) }).nullable(),
});

/** The newest one about a ticket, once its life is there. */
export async function roundOf(world: World, about: LivingTicket): Promise<LivingTicket> {
  const { approval } = Details.parse((await about.row()).details);
  const id = approval?.rounds.at(-1)?.id ?? '';
  const [row] = await world.rows('select number from tickets where id = $1', [id]);
  const round = leadLife(world, { id, number: String(row?.['number']), type: 'approval' });
  await eventually('the life of the round', () => round.rests().catch(() => undefined));
  return round;
}

export const becomes = (ticket: LivingTicket, state: string) =>
  eventually(`${ticket.number} ${state}`, async () => {
    const row = await ticket.row();
    return row.state === state ? row : undefined;
  });
