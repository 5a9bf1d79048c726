SELECT pg_catalog.set_config('search_path', '', false);
CREATE TYPE public.studydirection AS ENUM (
    'NOT_SET',
    'MINIMIZE',
    'MAXIMIZE'
);
CREATE TYPE public.trialintermediatevaluetype AS ENUM (
    'FINITE',
    'INF_POS',
    'INF_NEG',
    'NAN'
);
CREATE TYPE public.trialstate AS ENUM (
    'RUNNING',
    'COMPLETE',
    'PRUNED',
    'FAIL',
    'WAITING'
);
CREATE TYPE public.trialvaluetype AS ENUM (
    'FINITE',
    'INF_POS',
    'INF_NEG'
);
CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.studies (
    study_id integer NOT NULL,
    study_name character varying(512) NOT NULL
);
CREATE SEQUENCE public.studies_study_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.studies_study_id_seq OWNED BY public.studies.study_id;
CREATE TABLE public.study_directions (
    study_direction_id integer NOT NULL,
    direction public.studydirection NOT NULL,
    study_id integer NOT NULL,
    objective integer NOT NULL
);
CREATE SEQUENCE public.study_directions_study_direction_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.study_directions_study_direction_id_seq OWNED BY public.study_directions.study_direction_id;
CREATE TABLE public.study_system_attributes (
    study_system_attribute_id integer NOT NULL,
    study_id integer,
    key character varying(512),
    value_json text
);
CREATE SEQUENCE public.study_system_attributes_study_system_attribute_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.study_system_attributes_study_system_attribute_id_seq OWNED BY public.study_system_attributes.study_system_attribute_id;
CREATE TABLE public.study_user_attributes (
    study_user_attribute_id integer NOT NULL,
    study_id integer,
    key character varying(512),
    value_json text
);
CREATE SEQUENCE public.study_user_attributes_study_user_attribute_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.study_user_attributes_study_user_attribute_id_seq OWNED BY public.study_user_attributes.study_user_attribute_id;
CREATE TABLE public.trial_heartbeats (
    trial_heartbeat_id integer NOT NULL,
    trial_id integer NOT NULL,
    heartbeat timestamp without time zone NOT NULL
);
CREATE SEQUENCE public.trial_heartbeats_trial_heartbeat_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.trial_heartbeats_trial_heartbeat_id_seq OWNED BY public.trial_heartbeats.trial_heartbeat_id;
CREATE TABLE public.trial_intermediate_values (
    trial_intermediate_value_id integer NOT NULL,
    trial_id integer NOT NULL,
    step integer NOT NULL,
    intermediate_value double precision,
    intermediate_value_type public.trialintermediatevaluetype NOT NULL
);
CREATE SEQUENCE public.trial_intermediate_values_trial_intermediate_value_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.trial_intermediate_values_trial_intermediate_value_id_seq OWNED BY public.trial_intermediate_values.trial_intermediate_value_id;
CREATE TABLE public.trial_params (
    param_id integer NOT NULL,
    trial_id integer,
    param_name character varying(512),
    param_value double precision,
    distribution_json text
);
CREATE SEQUENCE public.trial_params_param_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.trial_params_param_id_seq OWNED BY public.trial_params.param_id;
CREATE TABLE public.trial_system_attributes (
    trial_system_attribute_id integer NOT NULL,
    trial_id integer,
    key character varying(512),
    value_json text
);
CREATE SEQUENCE public.trial_system_attributes_trial_system_attribute_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.trial_system_attributes_trial_system_attribute_id_seq OWNED BY public.trial_system_attributes.trial_system_attribute_id;
CREATE TABLE public.trial_user_attributes (
    trial_user_attribute_id integer NOT NULL,
    trial_id integer,
    key character varying(512),
    value_json text
);
CREATE SEQUENCE public.trial_user_attributes_trial_user_attribute_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.trial_user_attributes_trial_user_attribute_id_seq OWNED BY public.trial_user_attributes.trial_user_attribute_id;
CREATE TABLE public.trial_values (
    trial_value_id integer NOT NULL,
    trial_id integer NOT NULL,
    objective integer NOT NULL,
    value double precision,
    value_type public.trialvaluetype NOT NULL
);
CREATE SEQUENCE public.trial_values_trial_value_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.trial_values_trial_value_id_seq OWNED BY public.trial_values.trial_value_id;
CREATE TABLE public.trials (
    trial_id integer NOT NULL,
    number integer,
    study_id integer,
    state public.trialstate NOT NULL,
    datetime_start timestamp without time zone,
    datetime_complete timestamp without time zone
);
CREATE SEQUENCE public.trials_trial_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.trials_trial_id_seq OWNED BY public.trials.trial_id;
CREATE TABLE public.version_info (
    version_info_id integer NOT NULL,
    schema_version integer,
    library_version character varying(256),
    CONSTRAINT version_info_version_info_id_check CHECK ((version_info_id = 1))
);
ALTER TABLE ONLY public.studies ALTER COLUMN study_id SET DEFAULT nextval('public.studies_study_id_seq'::regclass);
ALTER TABLE ONLY public.study_directions ALTER COLUMN study_direction_id SET DEFAULT nextval('public.study_directions_study_direction_id_seq'::regclass);
ALTER TABLE ONLY public.study_system_attributes ALTER COLUMN study_system_attribute_id SET DEFAULT nextval('public.study_system_attributes_study_system_attribute_id_seq'::regclass);
ALTER TABLE ONLY public.study_user_attributes ALTER COLUMN study_user_attribute_id SET DEFAULT nextval('public.study_user_attributes_study_user_attribute_id_seq'::regclass);
ALTER TABLE ONLY public.trial_heartbeats ALTER COLUMN trial_heartbeat_id SET DEFAULT nextval('public.trial_heartbeats_trial_heartbeat_id_seq'::regclass);
ALTER TABLE ONLY public.trial_intermediate_values ALTER COLUMN trial_intermediate_value_id SET DEFAULT nextval('public.trial_intermediate_values_trial_intermediate_value_id_seq'::regclass);
ALTER TABLE ONLY public.trial_params ALTER COLUMN param_id SET DEFAULT nextval('public.trial_params_param_id_seq'::regclass);
ALTER TABLE ONLY public.trial_system_attributes ALTER COLUMN trial_system_attribute_id SET DEFAULT nextval('public.trial_system_attributes_trial_system_attribute_id_seq'::regclass);
ALTER TABLE ONLY public.trial_user_attributes ALTER COLUMN trial_user_attribute_id SET DEFAULT nextval('public.trial_user_attributes_trial_user_attribute_id_seq'::regclass);
ALTER TABLE ONLY public.trial_values ALTER COLUMN trial_value_id SET DEFAULT nextval('public.trial_values_trial_value_id_seq'::regclass);
ALTER TABLE ONLY public.trials ALTER COLUMN trial_id SET DEFAULT nextval('public.trials_trial_id_seq'::regclass);
INSERT INTO public.alembic_version VALUES ('v3.2.0.a');
INSERT INTO public.studies VALUES (1, 'small depth 1 study 0 cb803a74');
INSERT INTO public.study_directions VALUES (1, 'MINIMIZE', 1, 0);
INSERT INTO public.study_system_attributes VALUES (1, 1, 'study:metric_names', '["mean validation_loss"]');
INSERT INTO public.study_user_attributes VALUES (1, 1, 'plan', '{"recipe": "tuned", "axis": "depth", "point": 1, "study": 0, "base": {"network.family": "mlp", "network.depth": 1, "network.activation": "relu", "network.initialisation": "kaiming_uniform", "network.normalisation": "none", "network.dropout": 0.0, "optimizer.name": "adam", "optimizer.weight_decay": 0.0, "schedule": "constant", "epochs": 2, "loss.name": "cross_entropy", "regularisation.label_smoothing": 0.0, "regularisation.mixup": 0.0, "regularisation.input_noise": 0.0, "regularisation.gradient_clipping": 0.0}, "space": {"learning_rate": {"low": 0.001, "high": 0.1}, "batch_size": [4, 8], "width": {"low": 2, "high": 6}}, "objective": "validation_loss", "replicates": [0, 1], "sampler": "tpe", "pruner": "median", "startup_trials": 2, "seed": 0, "data_digest": "302fccc99e55e78000bdf635548c016608f0c1a723167f08ee60829fc2d6e575", "code_digest": "31a1e24a41ac90a06ba69b5d5bf5c2fb385c7ec2f9600f31b21f51b8007145cd", "first": {"learning_rate": 0.01, "batch_size": 8, "width": 4}}');
INSERT INTO public.study_user_attributes VALUES (2, 1, 'depth', '1');
INSERT INTO public.study_user_attributes VALUES (3, 1, 'recipe network.family', '"mlp"');
INSERT INTO public.study_user_attributes VALUES (4, 1, 'recipe network.depth', '1');
INSERT INTO public.study_user_attributes VALUES (5, 1, 'recipe network.activation', '"relu"');
INSERT INTO public.study_user_attributes VALUES (6, 1, 'recipe network.initialisation', '"kaiming_uniform"');
INSERT INTO public.study_user_attributes VALUES (7, 1, 'recipe network.normalisation', '"none"');
INSERT INTO public.study_user_attributes VALUES (8, 1, 'recipe network.dropout', '0.0');
INSERT INTO public.study_user_attributes VALUES (9, 1, 'recipe optimizer.name', '"adam"');
INSERT INTO public.study_user_attributes VALUES (10, 1, 'recipe optimizer.weight_decay', '0.0');
INSERT INTO public.study_user_attributes VALUES (11, 1, 'recipe schedule', '"constant"');
INSERT INTO public.study_user_attributes VALUES (12, 1, 'recipe epochs', '2');
INSERT INTO public.study_user_attributes VALUES (13, 1, 'recipe loss.name', '"cross_entropy"');
INSERT INTO public.study_user_attributes VALUES (14, 1, 'recipe regularisation.label_smoothing', '0.0');
INSERT INTO public.study_user_attributes VALUES (15, 1, 'recipe regularisation.mixup', '0.0');
INSERT INTO public.study_user_attributes VALUES (16, 1, 'recipe regularisation.input_noise', '0.0');
INSERT INTO public.study_user_attributes VALUES (17, 1, 'recipe regularisation.gradient_clipping', '0.0');
INSERT INTO public.study_user_attributes VALUES (18, 1, 'objective', '"validation_loss"');
INSERT INTO public.trial_heartbeats VALUES (1, 1, '2026-11-28 03:37:47.808659');
INSERT INTO public.trial_heartbeats VALUES (2, 2, '2026-11-28 03:37:49.856071');
INSERT INTO public.trial_heartbeats VALUES (3, 3, '2026-11-28 03:37:50.883916');
INSERT INTO public.trial_heartbeats VALUES (4, 4, '2026-11-28 03:37:52.079006');
INSERT INTO public.trial_intermediate_values VALUES (1, 1, 1, 1.0121221194664638, 'FINITE');
INSERT INTO public.trial_intermediate_values VALUES (2, 1, 2, 0.9891747285922369, 'FINITE');
INSERT INTO public.trial_intermediate_values VALUES (3, 2, 1, 1.2186743045846622, 'FINITE');
INSERT INTO public.trial_intermediate_values VALUES (4, 2, 2, 1.2119780307014782, 'FINITE');
INSERT INTO public.trial_intermediate_values VALUES (5, 3, 1, 0.9379003668824831, 'FINITE');
INSERT INTO public.trial_intermediate_values VALUES (6, 3, 2, 0.8937593698501587, 'FINITE');
INSERT INTO public.trial_params VALUES (1, 1, 'learning_rate', 0.01, '{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.001, "high": 0.1, "log": true}}');
INSERT INTO public.trial_params VALUES (2, 1, 'batch_size', 1, '{"name": "CategoricalDistribution", "attributes": {"choices": [4, 8]}}');
INSERT INTO public.trial_params VALUES (3, 1, 'width', 4, '{"name": "IntDistribution", "attributes": {"log": true, "step": 1, "low": 2, "high": 6}}');
INSERT INTO public.trial_params VALUES (4, 2, 'learning_rate', 0.0016910765801923734, '{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.001, "high": 0.1, "log": true}}');
INSERT INTO public.trial_params VALUES (5, 2, 'batch_size', 1, '{"name": "CategoricalDistribution", "attributes": {"choices": [4, 8]}}');
INSERT INTO public.trial_params VALUES (6, 2, 'width', 3, '{"name": "IntDistribution", "attributes": {"log": true, "step": 1, "low": 2, "high": 6}}');
INSERT INTO public.trial_params VALUES (7, 3, 'learning_rate', 0.012416424330285131, '{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.001, "high": 0.1, "log": true}}');
INSERT INTO public.trial_params VALUES (8, 3, 'batch_size', 1, '{"name": "CategoricalDistribution", "attributes": {"choices": [4, 8]}}');
INSERT INTO public.trial_params VALUES (9, 3, 'width', 6, '{"name": "IntDistribution", "attributes": {"log": true, "step": 1, "low": 2, "high": 6}}');
INSERT INTO public.trial_params VALUES (10, 4, 'learning_rate', 0.05829790825343305, '{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.001, "high": 0.1, "log": true}}');
INSERT INTO public.trial_params VALUES (11, 4, 'batch_size', 0, '{"name": "CategoricalDistribution", "attributes": {"choices": [4, 8]}}');
INSERT INTO public.trial_params VALUES (12, 4, 'width', 6, '{"name": "IntDistribution", "attributes": {"log": true, "step": 1, "low": 2, "high": 6}}');
INSERT INTO public.trial_system_attributes VALUES (1, 1, 'fixed_params', '{"learning_rate": 0.01, "batch_size": 8, "width": 4}');
INSERT INTO public.trial_system_attributes VALUES (2, 3, 'tpe:relative_params:0', '"{\"batch_size\": 8, \"learning_rate\": 0.012416424330285131, \"width\": 6}"');
INSERT INTO public.trial_system_attributes VALUES (3, 4, 'tpe:relative_params:0', '"{\"batch_size\": 4, \"learning_rate\": 0.05829790825343305, \"width\": 6}"');
INSERT INTO public.trial_user_attributes VALUES (1, 1, 'process', '{"host": "elsewhere", "pid": 19171, "started": 1795837038}');
INSERT INTO public.trial_user_attributes VALUES (2, 1, 'depth', '1');
INSERT INTO public.trial_user_attributes VALUES (3, 1, 'finished trial', '0');
INSERT INTO public.trial_user_attributes VALUES (4, 2, 'process', '{"host": "elsewhere", "pid": 19171, "started": 1795837038}');
INSERT INTO public.trial_user_attributes VALUES (5, 2, 'depth', '1');
INSERT INTO public.trial_user_attributes VALUES (6, 2, 'finished trial', '1');
INSERT INTO public.trial_user_attributes VALUES (7, 3, 'process', '{"host": "elsewhere", "pid": 19171, "started": 1795837038}');
INSERT INTO public.trial_user_attributes VALUES (8, 3, 'depth', '1');
INSERT INTO public.trial_user_attributes VALUES (9, 3, 'finished trial', '2');
INSERT INTO public.trial_user_attributes VALUES (10, 4, 'process', '{"host": "elsewhere", "pid": 19171, "started": 1795837038}');
INSERT INTO public.trial_user_attributes VALUES (11, 4, 'finished trial', '3');
INSERT INTO public.trial_values VALUES (1, 1, 0, 0.9891747285922369, 'FINITE');
INSERT INTO public.trial_values VALUES (2, 2, 0, 1.2119780307014782, 'FINITE');
INSERT INTO public.trial_values VALUES (3, 3, 0, 0.8937593698501587, 'FINITE');
INSERT INTO public.trials VALUES (1, 0, 1, 'COMPLETE', '2026-11-28 03:37:47.677372', '2026-11-28 03:37:49.352915');
INSERT INTO public.trials VALUES (2, 1, 1, 'COMPLETE', '2026-11-28 03:37:49.597111', '2026-11-28 03:37:50.291486');
INSERT INTO public.trials VALUES (3, 2, 1, 'COMPLETE', '2026-11-28 03:37:50.556999', '2026-11-28 03:37:51.440951');
INSERT INTO public.trials VALUES (4, 3, 1, 'RUNNING', '2026-11-28 03:37:51.732935', NULL);
INSERT INTO public.version_info VALUES (1, 12, '5.0.0');
SELECT pg_catalog.setval('public.studies_study_id_seq', 1, true);
SELECT pg_catalog.setval('public.study_directions_study_direction_id_seq', 1, true);
SELECT pg_catalog.setval('public.study_system_attributes_study_system_attribute_id_seq', 1, true);
SELECT pg_catalog.setval('public.study_user_attributes_study_user_attribute_id_seq', 18, true);
SELECT pg_catalog.setval('public.trial_heartbeats_trial_heartbeat_id_seq', 4, true);
SELECT pg_catalog.setval('public.trial_intermediate_values_trial_intermediate_value_id_seq', 6, true);
SELECT pg_catalog.setval('public.trial_params_param_id_seq', 12, true);
SELECT pg_catalog.setval('public.trial_system_attributes_trial_system_attribute_id_seq', 3, true);
SELECT pg_catalog.setval('public.trial_user_attributes_trial_user_attribute_id_seq', 11, true);
SELECT pg_catalog.setval('public.trial_values_trial_value_id_seq', 3, true);
SELECT pg_catalog.setval('public.trials_trial_id_seq', 4, true);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.studies
    ADD CONSTRAINT studies_pkey PRIMARY KEY (study_id);
ALTER TABLE ONLY public.study_directions
    ADD CONSTRAINT study_directions_pkey PRIMARY KEY (study_direction_id);
ALTER TABLE ONLY public.study_directions
    ADD CONSTRAINT study_directions_study_id_objective_key UNIQUE (study_id, objective);
ALTER TABLE ONLY public.study_system_attributes
    ADD CONSTRAINT study_system_attributes_pkey PRIMARY KEY (study_system_attribute_id);
ALTER TABLE ONLY public.study_system_attributes
    ADD CONSTRAINT study_system_attributes_study_id_key_key UNIQUE (study_id, key);
ALTER TABLE ONLY public.study_user_attributes
    ADD CONSTRAINT study_user_attributes_pkey PRIMARY KEY (study_user_attribute_id);
ALTER TABLE ONLY public.study_user_attributes
    ADD CONSTRAINT study_user_attributes_study_id_key_key UNIQUE (study_id, key);
ALTER TABLE ONLY public.trial_heartbeats
    ADD CONSTRAINT trial_heartbeats_pkey PRIMARY KEY (trial_heartbeat_id);
ALTER TABLE ONLY public.trial_heartbeats
    ADD CONSTRAINT trial_heartbeats_trial_id_key UNIQUE (trial_id);
ALTER TABLE ONLY public.trial_intermediate_values
    ADD CONSTRAINT trial_intermediate_values_pkey PRIMARY KEY (trial_intermediate_value_id);
ALTER TABLE ONLY public.trial_intermediate_values
    ADD CONSTRAINT trial_intermediate_values_trial_id_step_key UNIQUE (trial_id, step);
ALTER TABLE ONLY public.trial_params
    ADD CONSTRAINT trial_params_pkey PRIMARY KEY (param_id);
ALTER TABLE ONLY public.trial_params
    ADD CONSTRAINT trial_params_trial_id_param_name_key UNIQUE (trial_id, param_name);
ALTER TABLE ONLY public.trial_system_attributes
    ADD CONSTRAINT trial_system_attributes_pkey PRIMARY KEY (trial_system_attribute_id);
ALTER TABLE ONLY public.trial_system_attributes
    ADD CONSTRAINT trial_system_attributes_trial_id_key_key UNIQUE (trial_id, key);
ALTER TABLE ONLY public.trial_user_attributes
    ADD CONSTRAINT trial_user_attributes_pkey PRIMARY KEY (trial_user_attribute_id);
ALTER TABLE ONLY public.trial_user_attributes
    ADD CONSTRAINT trial_user_attributes_trial_id_key_key UNIQUE (trial_id, key);
ALTER TABLE ONLY public.trial_values
    ADD CONSTRAINT trial_values_pkey PRIMARY KEY (trial_value_id);
ALTER TABLE ONLY public.trial_values
    ADD CONSTRAINT trial_values_trial_id_objective_key UNIQUE (trial_id, objective);
ALTER TABLE ONLY public.trials
    ADD CONSTRAINT trials_pkey PRIMARY KEY (trial_id);
ALTER TABLE ONLY public.version_info
    ADD CONSTRAINT version_info_pkey PRIMARY KEY (version_info_id);
CREATE UNIQUE INDEX ix_studies_study_name ON public.studies USING btree (study_name);
CREATE INDEX ix_trials_study_id ON public.trials USING btree (study_id);
ALTER TABLE ONLY public.study_directions
    ADD CONSTRAINT study_directions_study_id_fkey FOREIGN KEY (study_id) REFERENCES public.studies(study_id);
ALTER TABLE ONLY public.study_system_attributes
    ADD CONSTRAINT study_system_attributes_study_id_fkey FOREIGN KEY (study_id) REFERENCES public.studies(study_id);
ALTER TABLE ONLY public.study_user_attributes
    ADD CONSTRAINT study_user_attributes_study_id_fkey FOREIGN KEY (study_id) REFERENCES public.studies(study_id);
ALTER TABLE ONLY public.trial_heartbeats
    ADD CONSTRAINT trial_heartbeats_trial_id_fkey FOREIGN KEY (trial_id) REFERENCES public.trials(trial_id);
ALTER TABLE ONLY public.trial_intermediate_values
    ADD CONSTRAINT trial_intermediate_values_trial_id_fkey FOREIGN KEY (trial_id) REFERENCES public.trials(trial_id);
ALTER TABLE ONLY public.trial_params
    ADD CONSTRAINT trial_params_trial_id_fkey FOREIGN KEY (trial_id) REFERENCES public.trials(trial_id);
ALTER TABLE ONLY public.trial_system_attributes
    ADD CONSTRAINT trial_system_attributes_trial_id_fkey FOREIGN KEY (trial_id) REFERENCES public.trials(trial_id);
ALTER TABLE ONLY public.trial_user_attributes
    ADD CONSTRAINT trial_user_attributes_trial_id_fkey FOREIGN KEY (trial_id) REFERENCES public.trials(trial_id);
ALTER TABLE ONLY public.trial_values
    ADD CONSTRAINT trial_values_trial_id_fkey FOREIGN KEY (trial_id) REFERENCES public.trials(trial_id);
ALTER TABLE ONLY public.trials
    ADD CONSTRAINT trials_study_id_fkey FOREIGN KEY (study_id) REFERENCES public.studies(study_id);
