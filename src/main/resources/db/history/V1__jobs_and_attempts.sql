-- What PostgreSQL and H2 in PostgreSQL mode both understand.
create table vitrine_job (
  job_id      varchar(64) primary key,
  product_id  varchar(512) not null,
  image_id    varchar(512),
  name        varchar(2000),
  collection  varchar(128),
  status      varchar(16) not null,
  attempts    integer not null,
  created_at  timestamp(3) with time zone not null,
  started_at  timestamp(3) with time zone,
  changed_at  timestamp(3) with time zone not null,
  worker      varchar(256),
  model       varchar(256),
  error       varchar(8000),
  digest      varchar(64)
);

-- Pages, newest first: of all, of a status, of a product.
create index vitrine_job_by_creation on vitrine_job (created_at desc, job_id desc);
create index vitrine_job_by_product on vitrine_job (product_id, created_at desc, job_id desc);
create index vitrine_job_by_status on vitrine_job (status, created_at desc, job_id desc);
-- Failed jobs are listed by their end, and old ones of each status deleted by it.
create index vitrine_job_by_change on vitrine_job (status, changed_at desc, job_id desc);

create table vitrine_job_attempt (
  job_id      varchar(64) not null references vitrine_job (job_id) on delete cascade,
  lease       varchar(128) not null,
  attempt     integer not null,
  outcome     varchar(16) not null,
  started_at  timestamp(3) with time zone not null,
  finished_at timestamp(3) with time zone not null,
  worker      varchar(256),
  model       varchar(256),
  reason      varchar(8000),
  digest      varchar(64),
  primary key (job_id, lease)
);

-- The oldest schema that a program must know to work with this one; a program that knows less refuses.
create table vitrine_history_schema (
  least integer not null
);
insert into vitrine_history_schema (least) values (1);
