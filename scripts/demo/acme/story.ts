import type { Story } from '../story';
import { cast } from './cast';
import { planned } from './planned';
import { settled } from './settled';
import { underWay } from './under-way';
import { waiting } from './waiting';

export const acme: Story = { cast, tales: [...settled, ...underWay, ...waiting, ...planned] };
