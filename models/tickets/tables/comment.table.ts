/** What people wrote on a ticket: public replies and internal notes. */
import { DataTypes, Model } from 'sequelize';
import type { InferAttributes, InferCreationAttributes, Sequelize } from 'sequelize';

export class CommentRow extends Model<
  InferAttributes<CommentRow>,
  InferCreationAttributes<CommentRow>
> {
  declare organizationId: string;
  declare id: string;
  declare ticketId: string;
  declare authorId: string;
  declare isPublic: boolean;
  declare body: string;
  declare createdAt: Date;
}

export function initComments(sequelize: Sequelize): void {
  CommentRow.init(
    {
      organizationId: { type: DataTypes.UUID, primaryKey: true },
      id: { type: DataTypes.UUID, primaryKey: true },
      ticketId: { type: DataTypes.UUID, allowNull: false },
      authorId: { type: DataTypes.UUID, allowNull: false },
      isPublic: { type: DataTypes.BOOLEAN, allowNull: false },
      body: { type: DataTypes.TEXT, allowNull: false },
      createdAt: { type: DataTypes.DATE(3), allowNull: false },
    },
    { sequelize, tableName: 'ticket_comments', underscored: true, timestamps: false },
  );
}
