/** In-app notices: one row a person, step and template, exactly once. */
import { DataTypes, Model } from 'sequelize';
import type {
  CreationOptional,
  InferAttributes,
  InferCreationAttributes,
  Sequelize,
} from 'sequelize';

export class NotificationRow extends Model<
  InferAttributes<NotificationRow>,
  InferCreationAttributes<NotificationRow>
> {
  declare organizationId: string;
  declare id: string;
  declare recipientId: string;
  declare ticketId: string | null;
  declare cause: string;
  declare template: string;
  declare subject: string;
  declare data: Readonly<Record<string, unknown>>;
  declare createdAt: CreationOptional<Date>;
  declare readAt: CreationOptional<Date | null>;
}

export function initNotifications(sequelize: Sequelize): void {
  NotificationRow.init(
    {
      organizationId: { type: DataTypes.UUID, primaryKey: true },
      id: { type: DataTypes.UUID, primaryKey: true },
      recipientId: { type: DataTypes.UUID, allowNull: false },
      ticketId: { type: DataTypes.UUID },
      cause: { type: DataTypes.TEXT, allowNull: false },
      template: { type: DataTypes.TEXT, allowNull: false },
      subject: { type: DataTypes.TEXT, allowNull: false },
      data: { type: DataTypes.JSONB, allowNull: false },
      createdAt: { type: DataTypes.DATE(3) },
      readAt: { type: DataTypes.DATE(3) },
    },
    { sequelize, tableName: 'notifications', underscored: true, timestamps: false },
  );
}
