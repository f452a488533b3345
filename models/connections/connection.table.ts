import { DataTypes, Model, type Sequelize } from 'sequelize';

export class ConnectionRow extends Model {}

export function initConnections(sequelize: Sequelize): void {
  const text = () => ({ type: DataTypes.TEXT, allowNull: false });
  ConnectionRow.init(
    {
      organizationId: { type: DataTypes.UUID, primaryKey: true },
      id: { type: DataTypes.UUID, primaryKey: true },
      name: text(),
      baseUrl: text(),
      signingSecret: DataTypes.TEXT,
      signingSecretAt: DataTypes.DATE(3),
      headersSecret: DataTypes.TEXT,
      headerNames: { type: DataTypes.ARRAY(DataTypes.TEXT), allowNull: false },
      headersAt: DataTypes.DATE(3),
      isActive: { type: DataTypes.BOOLEAN, allowNull: false },
      revision: { type: DataTypes.INTEGER, allowNull: false },
    },
    { sequelize, tableName: 'connections', underscored: true, timestamps: false },
  );
}
