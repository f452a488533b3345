import { sweepOutbox } from '../../engine/outbox';
import { watch } from '../../engine/watchdog';
import { errandProcess } from '../errands/process';
import { openWorld, type World } from '../harness';
import { beginLife } from './living';

describe('a ticket that is deleted', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld({ processes: [errandProcess] });
  });
  afterAll(() => world.close());

  const begin = () => beginLife(world, { type: 'errand', by: 'agent' });

  it.each<[string, (errand: Awaited<ReturnType<typeof begin>>) => Promise<unknown>]>([
    ['a command', (errand) => errand.give('nudge')],
    ['a message', (errand) => errand.handle.signal('go', { fails: 0 })],
    ['a message that nobody can read', (errand) => errand.handle.signal('rubbish', null)],
    ['a look', (errand) => errand.handle.signal('look', {})],
  ])('ends its life with the next fact: %s', async (_, tell) => {
    const errand = await begin();
    await erase(errand.id);
    await tell(errand);
    expect(await errand.ended()).toBe('COMPLETED');
  });

  it('ends its life when its next deadline comes, without trying again for ever', async () => {
    const errand = await begin();
    await errand.handle.signal('bomb', { inSeconds: 0.5 });
    await errand.hears('bombPlanned');
    await erase(errand.id);
    expect(await errand.ended()).toBe('COMPLETED');
  });

  it('is owed nothing any more, and is no business of the watchdog', async () => {
    const errand = await begin();
    await world.rows(
      `insert into engine_outbox (organization_id, ticket_id, id, kind, name)
       values ($1, $2, 'x', 'signal', 'look')`,
      [world.organizationId, errand.id],
    );
    await erase(errand.id);
    await world.rows('update engine_outbox set lease_until = null');
    await sweepOutbox(world);
    expect(await world.rows('select id from engine_outbox where id = $1', ['x'])).toEqual([]);
    expect(await watch(world, 0)).toBe(0);
  });

  /** As a purge would: its row and all that hangs on it. */
  async function erase(id: string): Promise<void> {
    await world.rows(
      `with a as (delete from ticket_events where ticket_id = $1),
            b as (delete from ticket_comments where ticket_id = $1),
            c as (delete from ticket_refusals where ticket_id = $1),
            e as (delete from notifications where ticket_id = $1)
       delete from tickets where id = $1`,
      [id],
    );
  }
});
