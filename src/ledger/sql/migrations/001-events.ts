import { randomUUID } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import type { DialectName } from '../tables.ts'

/** The events, which the database keeps from being changed, and what belongs to them. */
export async function addEvents(kysely: Kysely<unknown>, dialect: DialectName): Promise<void> {
  for (const statement of [
    ...tables[dialect],
    ...indexes,
    ...triggers[dialect],
    ...statistics[dialect],
  ]) {
    await sql.raw(statement).execute(kysely)
  }
  await sql`insert into ledger (one, id) values (1, ${randomUUID()})`.execute(kysely)
}

// Texts sort by their bytes, whatever the language of a PostgreSQL.
const tables: Record<DialectName, string[]> = {
  sqlite: [
    `create table events (
      seq integer primary key,
      id text not null unique,
      source text not null,
      type text not null,
      subject text not null,
      time text not null,
      supersedes text references events (id),
      of_event text,
      once text,
      data text not null
    ) strict`,
    `create table requests (
      owner text not null,
      key text not null,
      digest text not null,
      answer text not null,
      at text not null,
      primary key (key, owner)
    ) strict, without rowid`,
    `create table notes (
      event_id text not null primary key references events (id),
      person text not null,
      text text not null
    ) strict`,
    'create table persons (pseudonym text not null primary key, name text not null, since text not null) strict',
    'create table ledger (one integer primary key check (one = 1), id text not null) strict',
    'create table probe (content text not null) strict',
  ],
  postgres: [
    `create table events (
      seq bigint generated always as identity primary key,
      epoch integer not null default 0,
      xid xid8 not null default pg_current_xact_id(),
      id text collate "C" not null unique,
      source text not null,
      type text collate "C" not null,
      subject text collate "C" not null,
      time text collate "C" not null,
      supersedes text collate "C" references events (id),
      of_event text collate "C",
      once text collate "C",
      data json not null
    )`,
    'create index events_by_transaction on events (epoch, xid, seq)',
    `create table requests (
      owner text collate "C" not null,
      key text collate "C" not null,
      digest text not null,
      answer json not null,
      at text collate "C" not null,
      primary key (key, owner)
    )`,
    `create table notes (
      event_id text collate "C" not null primary key references events (id),
      person text collate "C" not null,
      text json not null
    )`,
    'create table persons (pseudonym text collate "C" not null primary key, name text not null, since text not null)',
    'create table ledger (one integer primary key check (one = 1), id text not null)',
    'create table probe (content text not null)',
  ],
}

const indexes = [
  'create index events_by_time on events (type, time, seq)',
  'create index events_by_subject on events (subject, type, time, seq)',
  'create unique index events_once on events (once) where once is not null',
  'create unique index events_superseding on events (supersedes) where supersedes is not null',
  'create index events_of on events (of_event) where of_event is not null',
  'create index requests_by_time on requests (at)',
  'create index notes_by_person on notes (person)',
]

const triggers: Record<DialectName, string[]> = {
  sqlite: [
    `create trigger events_not_changed before update on events
      begin select raise(abort, 'an event of the ledger is never changed'); end`,
    `create trigger events_not_deleted before delete on events
      begin select raise(abort, 'an event of the ledger is never deleted'); end`,
    `create trigger events_supersede_their_like before insert on events
      when new.supersedes is not null and not exists (
        select 1 from events
        where id = new.supersedes and type = new.type and subject = new.subject
      )
      begin select raise(abort, 'an event supersedes one of the same type and subject'); end`,
  ],
  postgres: [
    `create function refuse_event_change() returns trigger language plpgsql as $$
      begin raise exception 'an event of the ledger is never changed or deleted'; end $$`,
    `create trigger events_not_changed before update or delete or truncate on events
      for each statement execute function refuse_event_change()`,
    `create function refuse_unlike_event() returns trigger language plpgsql as $$
      begin
        if not exists (
          select 1 from events
          where id = new.supersedes and type = new.type and subject = new.subject
        ) then
          raise exception 'an event supersedes one of the same type and subject';
        end if;
        return new;
      end $$`,
    `create trigger events_supersede_their_like before insert on events
      for each row when (new.supersedes is not null) execute function refuse_unlike_event()`,
  ],
}

/**
 * How many rows of a ledger have the same first columns of an index (https://sqlite.org/fileformat2.html,
 * `sqlite_stat1`): SQLite does not count by itself, and would read all decisions to find those on one
 * order. PostgreSQL counts.
 */
const statistics: Record<DialectName, string[]> = {
  sqlite: [
    'analyze',
    `insert into sqlite_stat1 (tbl, idx, stat) values
      ('events', 'sqlite_autoindex_events_1', '1000000 1'),
      ('events', 'events_by_time', '1000000 200000 10 1'),
      ('events', 'events_by_subject', '1000000 1000 200 1 1'),
      ('events', 'events_once', '500000 1'),
      ('events', 'events_superseding', '10000 1'),
      ('events', 'events_of', '300000 2')`,
    'analyze sqlite_schema',
  ],
  postgres: [],
}
