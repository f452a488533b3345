/** What tickets refer to: services, categories, locations, teams, people, policies; and which team they go to. */
import { DataTypes, Model } from 'sequelize';
import type { ModelAttributes, ModelStatic, Sequelize } from 'sequelize';

export class ServiceRow extends Model {}
export class CategoryRow extends Model {}
export class LocationRow extends Model {}
export class TeamRow extends Model {}
export class AssignmentRuleRow extends Model {}
export class UserRow extends Model {}
export class RoleRow extends Model {}
export class CalendarRow extends Model {}
export class SlaPolicyRow extends Model {}

/** Made anew for each model: Sequelize writes into what it is given. */
const common = (): ModelAttributes => ({
  organizationId: { type: DataTypes.UUID, primaryKey: true },
  id: { type: DataTypes.UUID, primaryKey: true },
  name: { type: DataTypes.TEXT, allowNull: false },
  isActive: { type: DataTypes.BOOLEAN, allowNull: false },
  revision: { type: DataTypes.INTEGER, allowNull: false },
});

const own: readonly (readonly [ModelStatic<Model>, string, ModelAttributes])[] = [
  [
    ServiceRow,
    'services',
    {
      description: { type: DataTypes.TEXT, allowNull: false },
      teamId: DataTypes.UUID,
      ownerId: DataTypes.UUID,
      isConfidential: { type: DataTypes.BOOLEAN, allowNull: false },
      criticality: DataTypes.TEXT,
      calendarId: DataTypes.UUID,
    },
  ],
  [CategoryRow, 'categories', { parentId: DataTypes.UUID }],
  [LocationRow, 'locations', { timezone: DataTypes.TEXT }],
  [
    TeamRow,
    'teams',
    {
      leadId: DataTypes.UUID,
      calendarId: DataTypes.UUID,
      assignment: { type: DataTypes.JSONB, allowNull: false },
    },
  ],
  [
    AssignmentRuleRow,
    'assignment_rules',
    {
      ticketType: { type: DataTypes.TEXT, allowNull: false },
      position: { type: DataTypes.INTEGER, allowNull: false },
      when: { type: DataTypes.TEXT, field: 'condition' },
      teamId: { type: DataTypes.UUID, allowNull: false },
      skills: { type: DataTypes.ARRAY(DataTypes.TEXT), allowNull: false },
    },
  ],
  [CalendarRow, 'business_calendars', {}],
  [
    SlaPolicyRow,
    'sla_policy_heads',
    {
      ticketType: { type: DataTypes.TEXT, allowNull: false },
      position: { type: DataTypes.INTEGER, allowNull: false },
      draft: DataTypes.JSONB,
    },
  ],
  [
    RoleRow,
    'roles',
    {
      description: { type: DataTypes.TEXT, allowNull: false },
      permissions: { type: DataTypes.ARRAY(DataTypes.TEXT), allowNull: false },
    },
  ],
  [
    UserRow,
    'users',
    {
      email: { type: DataTypes.TEXT, allowNull: false },
      role: { type: DataTypes.TEXT, allowNull: false },
      managerId: DataTypes.UUID,
      passwordHash: DataTypes.TEXT,
      mustChangePassword: { type: DataTypes.BOOLEAN, allowNull: false },
      phone: DataTypes.TEXT,
      title: DataTypes.TEXT,
      department: DataTypes.TEXT,
      locationId: DataTypes.UUID,
      locale: DataTypes.TEXT,
      timezone: DataTypes.TEXT,
      isVip: { type: DataTypes.BOOLEAN, allowNull: false },
      isService: { type: DataTypes.BOOLEAN, allowNull: false },
    },
  ],
];

export function initCatalogue(sequelize: Sequelize): void {
  for (const [model, tableName, attributes] of own) {
    model.init(
      { ...common(), ...attributes },
      { sequelize, tableName, underscored: true, timestamps: false },
    );
  }
}
