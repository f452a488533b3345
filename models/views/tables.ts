/** Saved lists of tickets. */
import { DataTypes, Model, type Sequelize } from 'sequelize';

export class ViewRow extends Model {}

const text = { type: DataTypes.TEXT, allowNull: false };

export function initViews(sequelize: Sequelize): void {
  ViewRow.init(
    {
      organizationId: { type: DataTypes.UUID, primaryKey: true },
      id: { type: DataTypes.UUID, primaryKey: true },
      name: { ...text },
      scope: { ...text },
      ownerId: DataTypes.UUID,
      teamId: DataTypes.UUID,
      ticketType: { ...text },
      filter: DataTypes.TEXT,
      sort: DataTypes.TEXT,
      fields: DataTypes.ARRAY(DataTypes.TEXT),
      position: { type: DataTypes.INTEGER, allowNull: false },
      revision: { type: DataTypes.INTEGER, allowNull: false },
    },
    { sequelize, tableName: 'views', underscored: true, timestamps: false },
  );
}
