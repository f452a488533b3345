import type { Story } from '../story';
import { cast } from './cast';
import { catalog } from './catalog';
import { ordered } from './ordered';
import { planned } from './planned';
import { problems } from './problems';
import { settled } from './settled';
import { underWay } from './under-way';
import { waiting } from './waiting';

export const acme: Story = {
  cast,
  catalog,
  tales: [...settled, ...underWay, ...waiting, ...planned, ...ordered, ...problems],
};
