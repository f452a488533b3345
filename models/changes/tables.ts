/** The ground of changes: boards and their meetings, freezes, maintenance windows, templates. */
import { DataTypes, Model } from 'sequelize';
import type { ModelAttributes, ModelStatic, Sequelize } from 'sequelize';

export class BoardRow extends Model {}
export class FreezeRow extends Model {}
export class MaintenanceWindowRow extends Model {}
export class ChangeTemplateRow extends Model {}
export class MeetingRow extends Model {}

const text = { type: DataTypes.TEXT, allowNull: false };

/** Made anew for each model: Sequelize writes into what it is given. */
const common = (): ModelAttributes => ({
  organizationId: { type: DataTypes.UUID, primaryKey: true },
  id: { type: DataTypes.UUID, primaryKey: true },
  revision: { type: DataTypes.INTEGER, allowNull: false },
});
const name = (): ModelAttributes => ({ name: { ...text } });

const own: readonly (readonly [ModelStatic<Model>, string, ModelAttributes])[] = [
  [
    BoardRow,
    'boards',
    {
      ...name(),
      kind: { ...text },
      chairId: { type: DataTypes.UUID, allowNull: false },
      isActive: { type: DataTypes.BOOLEAN, allowNull: false },
    },
  ],
  [
    FreezeRow,
    'freezes',
    {
      ...name(),
      from: { type: DataTypes.DATE, allowNull: false, field: 'starts_at' },
      until: { type: DataTypes.DATE, allowNull: false, field: 'ends_at' },
      reason: { ...text },
    },
  ],
  [
    MaintenanceWindowRow,
    'maintenance_windows',
    { ...name(), definition: { type: DataTypes.JSONB, allowNull: false } },
  ],
  [
    ChangeTemplateRow,
    'change_templates',
    {
      ...name(),
      title: { ...text },
      description: { ...text },
      categoryId: DataTypes.UUID,
      plans: { type: DataTypes.JSONB, allowNull: false },
      risk: { type: DataTypes.JSONB, allowNull: false },
      durationMinutes: { type: DataTypes.INTEGER, allowNull: false },
      writtenById: { type: DataTypes.UUID, allowNull: false },
    },
  ],
  [
    MeetingRow,
    'meetings',
    {
      boardId: { type: DataTypes.UUID, allowNull: false },
      startsAt: { type: DataTypes.DATE, allowNull: false },
      minutes: { ...text },
      state: { ...text },
      heldAt: DataTypes.DATE,
    },
  ],
];

export function initChanges(sequelize: Sequelize): void {
  for (const [model, tableName, attributes] of own) {
    model.init(
      { ...common(), ...attributes },
      { sequelize, tableName, underscored: true, timestamps: false },
    );
  }
}
