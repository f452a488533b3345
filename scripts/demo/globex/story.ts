import type { Story } from '../story';
import { cast } from './cast';
import { settled } from './settled';
import { underWay } from './under-way';
import { waiting } from './waiting';

export const globex: Story = { cast, catalog: [], tales: [...settled, ...underWay, ...waiting] };
