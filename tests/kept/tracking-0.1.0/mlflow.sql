BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('dc11669786a5');
CREATE TABLE "assessments" (
	assessment_id VARCHAR(50) NOT NULL, 
	trace_id VARCHAR(50) NOT NULL, 
	name VARCHAR(250) NOT NULL, 
	assessment_type VARCHAR(20) NOT NULL, 
	value TEXT NOT NULL, 
	error TEXT, 
	created_timestamp BIGINT NOT NULL, 
	last_updated_timestamp BIGINT NOT NULL, 
	source_type VARCHAR(50) NOT NULL, 
	source_id VARCHAR(250), 
	run_id VARCHAR(32), 
	span_id VARCHAR(50), 
	rationale TEXT, 
	overrides VARCHAR(50), 
	valid BOOLEAN NOT NULL, 
	assessment_metadata TEXT, 
	experiment_id INTEGER, 
	trace_timestamp_ms BIGINT, 
	aggregate_value FLOAT, 
	is_numeric_value BOOLEAN DEFAULT 0 NOT NULL, 
	CONSTRAINT assessments_pk PRIMARY KEY (assessment_id), 
	CONSTRAINT fk_assessments_trace_id FOREIGN KEY(trace_id) REFERENCES trace_info (request_id) ON DELETE CASCADE
);
CREATE TABLE budget_policies (
	budget_policy_id VARCHAR(36) NOT NULL, 
	budget_unit VARCHAR(32) NOT NULL, 
	budget_amount FLOAT NOT NULL, 
	duration_unit VARCHAR(32) NOT NULL, 
	duration_value INTEGER NOT NULL, 
	target_scope VARCHAR(32) NOT NULL, 
	budget_action VARCHAR(32) NOT NULL, 
	created_by VARCHAR(255), 
	created_at BIGINT NOT NULL, 
	last_updated_by VARCHAR(255), 
	last_updated_at BIGINT NOT NULL, 
	workspace VARCHAR(63) DEFAULT 'default' NOT NULL, target_value VARCHAR(255), 
	CONSTRAINT budget_policies_pk PRIMARY KEY (budget_policy_id)
);
CREATE TABLE "datasets" (
	dataset_uuid VARCHAR(36) NOT NULL, 
	experiment_id INTEGER NOT NULL, 
	name VARCHAR(500) NOT NULL, 
	digest VARCHAR(36) NOT NULL, 
	dataset_source_type VARCHAR(36) NOT NULL, 
	dataset_source TEXT NOT NULL, 
	dataset_schema TEXT, 
	dataset_profile TEXT, 
	CONSTRAINT dataset_pk PRIMARY KEY (experiment_id, name, digest), 
	CONSTRAINT fk_datasets_experiment_id_experiments FOREIGN KEY(experiment_id) REFERENCES experiments (experiment_id) ON DELETE CASCADE
);
INSERT INTO "datasets" VALUES('426dce53c0cd430d81f4f851274f0628',1,'digits','dddddddddddddddddddddddddddddddddddd','local','{"path": "data/prepared"}',NULL,NULL);
CREATE TABLE endpoint_bindings (
	endpoint_id VARCHAR(36) NOT NULL, 
	resource_type VARCHAR(50) NOT NULL, 
	resource_id VARCHAR(255) NOT NULL, 
	created_at BIGINT NOT NULL, 
	created_by VARCHAR(255), 
	last_updated_at BIGINT NOT NULL, 
	last_updated_by VARCHAR(255), display_name VARCHAR(255), 
	CONSTRAINT endpoint_bindings_pk PRIMARY KEY (endpoint_id, resource_type, resource_id), 
	CONSTRAINT fk_endpoint_bindings_endpoint_id FOREIGN KEY(endpoint_id) REFERENCES endpoints (endpoint_id) ON DELETE CASCADE
);
CREATE TABLE endpoint_model_mappings (
	mapping_id VARCHAR(36) NOT NULL, 
	endpoint_id VARCHAR(36) NOT NULL, 
	model_definition_id VARCHAR(36) NOT NULL, 
	weight FLOAT NOT NULL, 
	created_by VARCHAR(255), 
	created_at BIGINT NOT NULL, linkage_type VARCHAR(64) DEFAULT 'PRIMARY' NOT NULL, fallback_order INTEGER, 
	CONSTRAINT endpoint_model_mappings_pk PRIMARY KEY (mapping_id), 
	CONSTRAINT fk_endpoint_model_mappings_endpoint_id FOREIGN KEY(endpoint_id) REFERENCES endpoints (endpoint_id) ON DELETE CASCADE, 
	CONSTRAINT fk_endpoint_model_mappings_model_definition_id FOREIGN KEY(model_definition_id) REFERENCES model_definitions (model_definition_id)
);
CREATE TABLE endpoint_tags (
	"key" VARCHAR(250) NOT NULL, 
	value VARCHAR(5000), 
	endpoint_id VARCHAR(36) NOT NULL, 
	CONSTRAINT endpoint_tag_pk PRIMARY KEY ("key", endpoint_id), 
	CONSTRAINT fk_endpoint_tags_endpoint_id FOREIGN KEY(endpoint_id) REFERENCES endpoints (endpoint_id) ON DELETE CASCADE
);
CREATE TABLE "endpoints" (
	endpoint_id VARCHAR(36) NOT NULL, 
	name VARCHAR(255), 
	created_by VARCHAR(255), 
	created_at BIGINT NOT NULL, 
	last_updated_by VARCHAR(255), 
	last_updated_at BIGINT NOT NULL, 
	routing_strategy VARCHAR(64), 
	fallback_config_json TEXT, 
	experiment_id INTEGER, 
	usage_tracking BOOLEAN DEFAULT '0' NOT NULL, 
	workspace VARCHAR(63) DEFAULT 'default' NOT NULL, 
	CONSTRAINT endpoints_pk PRIMARY KEY (endpoint_id), 
	CONSTRAINT fk_endpoints_experiment_id FOREIGN KEY(experiment_id) REFERENCES experiments (experiment_id) ON DELETE SET NULL, 
	CONSTRAINT uq_endpoints_workspace_name UNIQUE (workspace, name)
);
CREATE TABLE entity_associations (
	association_id VARCHAR(36) NOT NULL, 
	source_type VARCHAR(36) NOT NULL, 
	source_id VARCHAR(36) NOT NULL, 
	destination_type VARCHAR(36) NOT NULL, 
	destination_id VARCHAR(36) NOT NULL, 
	created_time BIGINT, 
	CONSTRAINT entity_associations_pk PRIMARY KEY (source_type, source_id, destination_type, destination_id)
);
CREATE TABLE "evaluation_dataset_records" (
	dataset_record_id VARCHAR(36) NOT NULL, 
	dataset_id VARCHAR(36) NOT NULL, 
	inputs JSON NOT NULL, 
	expectations JSON, 
	tags JSON, 
	source JSON, 
	source_id VARCHAR(36), 
	source_type VARCHAR(255), 
	created_time BIGINT, 
	last_update_time BIGINT, 
	created_by VARCHAR(255), 
	last_updated_by VARCHAR(255), 
	input_hash VARCHAR(64) NOT NULL, outputs JSON, 
	CONSTRAINT evaluation_dataset_records_pk PRIMARY KEY (dataset_record_id), 
	CONSTRAINT fk_evaluation_dataset_records_dataset_id FOREIGN KEY(dataset_id) REFERENCES evaluation_datasets (dataset_id) ON DELETE CASCADE, 
	CONSTRAINT unique_dataset_input UNIQUE (dataset_id, input_hash)
);
CREATE TABLE evaluation_dataset_tags (
	dataset_id VARCHAR(36) NOT NULL, 
	"key" VARCHAR(255) NOT NULL, 
	value VARCHAR(5000), 
	CONSTRAINT evaluation_dataset_tags_pk PRIMARY KEY (dataset_id, "key"), 
	CONSTRAINT fk_evaluation_dataset_tags_dataset_id FOREIGN KEY(dataset_id) REFERENCES evaluation_datasets (dataset_id) ON DELETE CASCADE
);
CREATE TABLE "evaluation_datasets" (
	dataset_id VARCHAR(36) NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	schema TEXT, 
	profile TEXT, 
	digest VARCHAR(64), 
	created_time BIGINT, 
	last_update_time BIGINT, 
	created_by VARCHAR(255), 
	last_updated_by VARCHAR(255), 
	workspace VARCHAR(63) DEFAULT 'default' NOT NULL, 
	CONSTRAINT evaluation_datasets_pk PRIMARY KEY (dataset_id)
);
CREATE TABLE "experiment_tags" (
	"key" VARCHAR(250) NOT NULL, 
	value TEXT, 
	experiment_id INTEGER NOT NULL, 
	CONSTRAINT experiment_tag_pk PRIMARY KEY ("key", experiment_id), 
	FOREIGN KEY(experiment_id) REFERENCES experiments (experiment_id)
);
INSERT INTO "experiment_tags" VALUES('mlflow.experimentKind','custom_model_development',1);
INSERT INTO "experiment_tags" VALUES('mlflow.note.content','By depth: where does a network begin to overfit, and is that answer real or luck? `label` of `data/raw/table.csv` (classification).

**Answer.** none yet: run `dvc repro`, then `depthgauge track`.

**Start here.** The run `summary` holds the report page (its artifact `index.html`), the figure and the table `points.csv`.

**The runs.** `fixed depth 1`: all replicates of the same recipe at one point, as mean losses; `tuned depth 1`: of the recipe that was searched for this point; below either, a run for each replicate. `search depth 1`: Optuna''s search, with a run for each trial below it.

**Curves.** Choose the runs of several points and open the charts: `train_loss` and `test_loss` over the epochs lie in one picture.

**Use it.** `depthgauge register` makes the recommended network a model under *Models*; it is listed below its run.

**Times.** A run ends when its results were written. How long a training took is known where it ran: all replicates of a point go at once and have its time. Other runs have none.

Runs of earlier settings stay; `tags."depthgauge.current" = ''true''` in the search box hides them.',1);
CREATE TABLE "experiments" (
	experiment_id INTEGER NOT NULL, 
	name VARCHAR(256) NOT NULL, 
	artifact_location VARCHAR(256), 
	lifecycle_stage VARCHAR(32), 
	creation_time BIGINT, 
	last_update_time BIGINT, 
	workspace VARCHAR(63) DEFAULT 'default' NOT NULL, 
	CONSTRAINT experiment_pk PRIMARY KEY (experiment_id), 
	CONSTRAINT experiments_lifecycle_stage CHECK (lifecycle_stage IN ('active', 'deleted')), 
	CONSTRAINT uq_experiments_workspace_name UNIQUE (workspace, name)
);
INSERT INTO "experiments" VALUES(0,'Default','FOLDER-OF-THE-STORE/.depthgauge/mlartifacts/0','active',1795838432405,1795838432405,'default');
INSERT INTO "experiments" VALUES(1,'digits','FOLDER-OF-THE-STORE/.depthgauge/mlartifacts/digits','active',1795838432799,1795838432799,'default');
CREATE TABLE guardrail_configs (
	endpoint_id VARCHAR(36) NOT NULL, 
	guardrail_id VARCHAR(36) NOT NULL, 
	execution_order INTEGER, 
	created_by VARCHAR(255), 
	created_at BIGINT NOT NULL, 
	workspace VARCHAR(63) DEFAULT 'default' NOT NULL, 
	CONSTRAINT guardrail_configs_pk PRIMARY KEY (endpoint_id, guardrail_id), 
	CONSTRAINT fk_guardrail_configs_endpoint_id FOREIGN KEY(endpoint_id) REFERENCES endpoints (endpoint_id) ON DELETE CASCADE, 
	CONSTRAINT fk_guardrail_configs_guardrail_id FOREIGN KEY(guardrail_id) REFERENCES guardrails (guardrail_id) ON DELETE CASCADE
);
CREATE TABLE guardrails (
	guardrail_id VARCHAR(36) NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	scorer_id VARCHAR(36) NOT NULL, 
	scorer_version INTEGER NOT NULL, 
	stage VARCHAR(32) NOT NULL, 
	action VARCHAR(32) NOT NULL, 
	action_endpoint_id VARCHAR(36), 
	created_by VARCHAR(255), 
	created_at BIGINT NOT NULL, 
	last_updated_by VARCHAR(255), 
	last_updated_at BIGINT NOT NULL, 
	workspace VARCHAR(63) DEFAULT 'default' NOT NULL, 
	CONSTRAINT guardrails_pk PRIMARY KEY (guardrail_id), 
	CONSTRAINT fk_guardrails_scorer_version FOREIGN KEY(scorer_id, scorer_version) REFERENCES scorer_versions (scorer_id, scorer_version), 
	CONSTRAINT fk_guardrails_action_endpoint_id FOREIGN KEY(action_endpoint_id) REFERENCES endpoints (endpoint_id) ON DELETE SET NULL
);
CREATE TABLE input_tags (
	input_uuid VARCHAR(36) NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	value VARCHAR(500) NOT NULL, 
	CONSTRAINT input_tags_pk PRIMARY KEY (input_uuid, name)
);
INSERT INTO "input_tags" VALUES('b02b439076ef492aae7df8c1a0a8d81d','mlflow.data.context','train, validation');
INSERT INTO "input_tags" VALUES('4297bb3e375442c38451c36f4b2d5d1a','mlflow.data.context','train, validation, test');
INSERT INTO "input_tags" VALUES('459ae01fb2984899a0713496b2015c17','mlflow.data.context','train, validation, test');
CREATE TABLE inputs (
	input_uuid VARCHAR(36) NOT NULL, 
	source_type VARCHAR(36) NOT NULL, 
	source_id VARCHAR(36) NOT NULL, 
	destination_type VARCHAR(36) NOT NULL, 
	destination_id VARCHAR(36) NOT NULL, step BIGINT DEFAULT '0' NOT NULL, 
	CONSTRAINT inputs_pk PRIMARY KEY (source_type, source_id, destination_type, destination_id)
);
INSERT INTO "inputs" VALUES('b02b439076ef492aae7df8c1a0a8d81d','DATASET','426dce53c0cd430d81f4f851274f0628','RUN','181fe2fdf7054379b4775e38aef57795',0);
INSERT INTO "inputs" VALUES('4297bb3e375442c38451c36f4b2d5d1a','DATASET','426dce53c0cd430d81f4f851274f0628','RUN','371298ba3f614303893fcdaf5b263612',0);
INSERT INTO "inputs" VALUES('459ae01fb2984899a0713496b2015c17','DATASET','426dce53c0cd430d81f4f851274f0628','RUN','2b44a73046774ec8ab3905ef8e3ab415',0);
CREATE TABLE issues (
	issue_id VARCHAR(36) NOT NULL, 
	experiment_id INTEGER NOT NULL, 
	name VARCHAR(250) NOT NULL, 
	description TEXT NOT NULL, 
	status VARCHAR(50) NOT NULL, 
	severity VARCHAR(50), 
	root_causes TEXT, 
	source_run_id VARCHAR(32), 
	categories TEXT, 
	created_timestamp BIGINT NOT NULL, 
	last_updated_timestamp BIGINT NOT NULL, 
	created_by VARCHAR(255), 
	CONSTRAINT issues_pk PRIMARY KEY (issue_id), 
	CONSTRAINT fk_issues_experiment_id FOREIGN KEY(experiment_id) REFERENCES experiments (experiment_id) ON DELETE CASCADE, 
	CONSTRAINT fk_issues_source_run_id FOREIGN KEY(source_run_id) REFERENCES runs (run_uuid) ON DELETE SET NULL
);
CREATE TABLE job_locks (
	lock_key VARCHAR(255) NOT NULL, 
	job_id VARCHAR(36) NOT NULL, 
	acquired_at BIGINT NOT NULL, 
	CONSTRAINT job_locks_pk PRIMARY KEY (lock_key), 
	CONSTRAINT fk_job_locks_job_id FOREIGN KEY(job_id) REFERENCES jobs (id) ON DELETE CASCADE
);
CREATE TABLE "jobs" (
	id VARCHAR(36) NOT NULL, 
	creation_time BIGINT NOT NULL, 
	job_name VARCHAR(500) NOT NULL, 
	params TEXT NOT NULL, 
	timeout FLOAT, 
	status INTEGER NOT NULL, 
	result TEXT, 
	retry_count INTEGER NOT NULL, 
	last_update_time BIGINT NOT NULL, 
	workspace VARCHAR(63) DEFAULT 'default' NOT NULL, status_details JSON, creator VARCHAR(255), executor_backend VARCHAR(255), lease_expires_at BIGINT, status_message TEXT, progress JSON, progress_updated_at BIGINT, token_hash VARCHAR(64), scoped_permissions JSON, next_attempt_at BIGINT, 
	CONSTRAINT jobs_pk PRIMARY KEY (id)
);
CREATE TABLE label_schemas (
	schema_id VARCHAR(36) NOT NULL, 
	experiment_id INTEGER NOT NULL, 
	name VARCHAR(250) NOT NULL, 
	type VARCHAR(16) NOT NULL, 
	instruction TEXT, 
	enable_comment BOOLEAN DEFAULT '0' NOT NULL, 
	input_type VARCHAR(32) NOT NULL, 
	input_config TEXT NOT NULL, 
	created_by VARCHAR(255), 
	created_time BIGINT NOT NULL, 
	last_update_time BIGINT NOT NULL, 
	is_default BOOLEAN DEFAULT 0 NOT NULL, 
	CONSTRAINT label_schemas_pk PRIMARY KEY (schema_id), 
	CONSTRAINT fk_label_schemas_experiment_id FOREIGN KEY(experiment_id) REFERENCES experiments (experiment_id) ON DELETE CASCADE, 
	CONSTRAINT uq_label_schemas_exp_name UNIQUE (experiment_id, name)
);
CREATE TABLE "latest_metrics" (
	"key" VARCHAR(250) NOT NULL, 
	value FLOAT NOT NULL, 
	timestamp BIGINT, 
	step BIGINT NOT NULL, 
	is_nan BOOLEAN NOT NULL, 
	run_uuid VARCHAR(32) NOT NULL, 
	CONSTRAINT latest_metric_pk PRIMARY KEY ("key", run_uuid), 
	FOREIGN KEY(run_uuid) REFERENCES runs (run_uuid), 
	CHECK (is_nan IN (0, 1))
);
INSERT INTO "latest_metrics" VALUES('best_value',0.25,1795838408393,0,0,'181fe2fdf7054379b4775e38aef57795');
INSERT INTO "latest_metrics" VALUES('best_trial',2.0,1795838408393,0,0,'181fe2fdf7054379b4775e38aef57795');
INSERT INTO "latest_metrics" VALUES('trials',4.0,1795838408393,0,0,'181fe2fdf7054379b4775e38aef57795');
INSERT INTO "latest_metrics" VALUES('epochs_trained',32.0,1795838408393,0,0,'181fe2fdf7054379b4775e38aef57795');
INSERT INTO "latest_metrics" VALUES('trials/complete',2.0,1795838408393,0,0,'181fe2fdf7054379b4775e38aef57795');
INSERT INTO "latest_metrics" VALUES('trials/diverged',1.0,1795838408393,0,0,'181fe2fdf7054379b4775e38aef57795');
INSERT INTO "latest_metrics" VALUES('trials/pruned',1.0,1795838408393,0,0,'181fe2fdf7054379b4775e38aef57795');
INSERT INTO "latest_metrics" VALUES('importance/learning_rate',0.75,1795838408393,0,0,'181fe2fdf7054379b4775e38aef57795');
INSERT INTO "latest_metrics" VALUES('best_so_far',0.25,1795838408396,3,0,'181fe2fdf7054379b4775e38aef57795');
INSERT INTO "latest_metrics" VALUES('epochs',0.0,1795838408393,0,0,'e26535de86534cd784ff7794e1edd4ef');
INSERT INTO "latest_metrics" VALUES('epochs',12.0,1795838408393,0,0,'c041327a4916412c8e05330296a5cb2a');
INSERT INTO "latest_metrics" VALUES('intermediate_value',0.75,1795838408405,12,0,'c041327a4916412c8e05330296a5cb2a');
INSERT INTO "latest_metrics" VALUES('value',0.75,1795838408393,0,0,'c041327a4916412c8e05330296a5cb2a');
INSERT INTO "latest_metrics" VALUES('epochs',12.0,1795838408393,0,0,'c5fd3fdb2f0d4cd290f1452d6b7c68c9');
INSERT INTO "latest_metrics" VALUES('intermediate_value',0.25,1795838408405,12,0,'c5fd3fdb2f0d4cd290f1452d6b7c68c9');
INSERT INTO "latest_metrics" VALUES('value',0.25,1795838408393,0,0,'c5fd3fdb2f0d4cd290f1452d6b7c68c9');
INSERT INTO "latest_metrics" VALUES('epochs',8.0,1795838408393,0,0,'a94011635095497eb73193546c271a1c');
INSERT INTO "latest_metrics" VALUES('intermediate_value',2.5,1795838408401,8,0,'a94011635095497eb73193546c271a1c');
INSERT INTO "latest_metrics" VALUES('replicates',3.0,1795838408327,0,0,'371298ba3f614303893fcdaf5b263612');
INSERT INTO "latest_metrics" VALUES('diverged',0.0,1795838408327,0,0,'371298ba3f614303893fcdaf5b263612');
INSERT INTO "latest_metrics" VALUES('train_loss',0.420827103,1795838408339,12,0,'371298ba3f614303893fcdaf5b263612');
INSERT INTO "latest_metrics" VALUES('validation_loss',8.45740295333333391702e-01,1795838408339,12,0,'371298ba3f614303893fcdaf5b263612');
INSERT INTO "latest_metrics" VALUES('test_loss',7.29507916000000089518e-01,1795838408339,12,0,'371298ba3f614303893fcdaf5b263612');
INSERT INTO "latest_metrics" VALUES('last/train_loss_mean',0.420827103,1795838408327,0,0,'371298ba3f614303893fcdaf5b263612');
INSERT INTO "latest_metrics" VALUES('last/train_loss_standard_error',1.52814436482964610686e-01,1795838408327,0,0,'371298ba3f614303893fcdaf5b263612');
INSERT INTO "latest_metrics" VALUES('last/validation_loss_mean',8.45740295333333391702e-01,1795838408327,0,0,'371298ba3f614303893fcdaf5b263612');
INSERT INTO "latest_metrics" VALUES('last/validation_loss_standard_error',1.41420118646687409391e-01,1795838408327,0,0,'371298ba3f614303893fcdaf5b263612');
INSERT INTO "latest_metrics" VALUES('last/test_loss_mean',7.29507916000000089518e-01,1795838408327,0,0,'371298ba3f614303893fcdaf5b263612');
INSERT INTO "latest_metrics" VALUES('last/test_loss_standard_error',7.49820435585757810725e-02,1795838408327,0,0,'371298ba3f614303893fcdaf5b263612');
INSERT INTO "latest_metrics" VALUES('validation/train_loss_mean',0.77847132,1795838408327,0,0,'371298ba3f614303893fcdaf5b263612');
INSERT INTO "latest_metrics" VALUES('validation/train_loss_standard_error',1.42335077335188964209e-01,1795838408327,0,0,'371298ba3f614303893fcdaf5b263612');
INSERT INTO "latest_metrics" VALUES('validation/validation_loss_mean',1.35948494666666669372e-01,1795838408327,0,0,'371298ba3f614303893fcdaf5b263612');
INSERT INTO "latest_metrics" VALUES('validation/validation_loss_standard_error',1.5235823683416509916e-02,1795838408327,0,0,'371298ba3f614303893fcdaf5b263612');
INSERT INTO "latest_metrics" VALUES('validation/test_loss_mean',0.4946061,1795838408327,0,0,'371298ba3f614303893fcdaf5b263612');
INSERT INTO "latest_metrics" VALUES('validation/test_loss_standard_error',2.63620596743366353287e-01,1795838408327,0,0,'371298ba3f614303893fcdaf5b263612');
INSERT INTO "latest_metrics" VALUES('validation/epoch_mean',4.33333333333333303727e+00,1795838408327,0,0,'371298ba3f614303893fcdaf5b263612');
INSERT INTO "latest_metrics" VALUES('train_loss',0.709758302,1795838408339,12,0,'4262909b040e459a84ed4d0dc0f6bdf1');
INSERT INTO "latest_metrics" VALUES('validation_loss',0.571925218,1795838408339,12,0,'4262909b040e459a84ed4d0dc0f6bdf1');
INSERT INTO "latest_metrics" VALUES('test_loss',0.601179321,1795838408339,12,0,'4262909b040e459a84ed4d0dc0f6bdf1');
INSERT INTO "latest_metrics" VALUES('validation/epoch',5.0,1795838408327,0,0,'4262909b040e459a84ed4d0dc0f6bdf1');
INSERT INTO "latest_metrics" VALUES('validation/train_loss',1.00063921,1795838408327,0,0,'4262909b040e459a84ed4d0dc0f6bdf1');
INSERT INTO "latest_metrics" VALUES('validation/validation_loss',0.155129591,1795838408327,0,0,'4262909b040e459a84ed4d0dc0f6bdf1');
INSERT INTO "latest_metrics" VALUES('validation/test_loss',1.01848654,1795838408327,0,0,'4262909b040e459a84ed4d0dc0f6bdf1');
INSERT INTO "latest_metrics" VALUES('train_loss',0.362650713,1795838408339,12,0,'113d305087524af696742129a8b00675');
INSERT INTO "latest_metrics" VALUES('validation_loss',0.921264388,1795838408339,12,0,'113d305087524af696742129a8b00675');
INSERT INTO "latest_metrics" VALUES('test_loss',0.860871539,1795838408339,12,0,'113d305087524af696742129a8b00675');
INSERT INTO "latest_metrics" VALUES('validation/epoch',3.0,1795838408327,0,0,'113d305087524af696742129a8b00675');
INSERT INTO "latest_metrics" VALUES('validation/train_loss',0.821526579,1795838408327,0,0,'113d305087524af696742129a8b00675');
INSERT INTO "latest_metrics" VALUES('validation/validation_loss',0.146862949,1795838408327,0,0,'113d305087524af696742129a8b00675');
INSERT INTO "latest_metrics" VALUES('validation/test_loss',0.284138402,1795838408327,0,0,'113d305087524af696742129a8b00675');
INSERT INTO "latest_metrics" VALUES('train_loss',0.190072294,1795838408339,12,0,'d7f096daa9c64c888dbb83c9872a9f70');
INSERT INTO "latest_metrics" VALUES('validation_loss',1.04403128,1795838408339,12,0,'d7f096daa9c64c888dbb83c9872a9f70');
INSERT INTO "latest_metrics" VALUES('test_loss',0.726472888,1795838408339,12,0,'d7f096daa9c64c888dbb83c9872a9f70');
INSERT INTO "latest_metrics" VALUES('validation/epoch',5.0,1795838408327,0,0,'d7f096daa9c64c888dbb83c9872a9f70');
INSERT INTO "latest_metrics" VALUES('validation/train_loss',0.513248171,1795838408327,0,0,'d7f096daa9c64c888dbb83c9872a9f70');
INSERT INTO "latest_metrics" VALUES('validation/validation_loss',0.105852944,1795838408327,0,0,'d7f096daa9c64c888dbb83c9872a9f70');
INSERT INTO "latest_metrics" VALUES('validation/test_loss',0.181193358,1795838408327,0,0,'d7f096daa9c64c888dbb83c9872a9f70');
INSERT INTO "latest_metrics" VALUES('replicates',3.0,1795838436742,0,0,'2b44a73046774ec8ab3905ef8e3ab415');
INSERT INTO "latest_metrics" VALUES('diverged',0.0,1795838436742,0,0,'2b44a73046774ec8ab3905ef8e3ab415');
INSERT INTO "latest_metrics" VALUES('train_loss',7.34736930333333315701e-01,1795838436754,12,0,'2b44a73046774ec8ab3905ef8e3ab415');
INSERT INTO "latest_metrics" VALUES('validation_loss',0.309679282,1795838436754,12,0,'2b44a73046774ec8ab3905ef8e3ab415');
INSERT INTO "latest_metrics" VALUES('test_loss',0.745395192,1795838436754,12,0,'2b44a73046774ec8ab3905ef8e3ab415');
INSERT INTO "latest_metrics" VALUES('last/train_loss_mean',7.34736930333333315701e-01,1795838436742,0,0,'2b44a73046774ec8ab3905ef8e3ab415');
INSERT INTO "latest_metrics" VALUES('last/train_loss_standard_error',1.67518300225447308582e-01,1795838436742,0,0,'2b44a73046774ec8ab3905ef8e3ab415');
INSERT INTO "latest_metrics" VALUES('last/validation_loss_mean',0.309679282,1795838436742,0,0,'2b44a73046774ec8ab3905ef8e3ab415');
INSERT INTO "latest_metrics" VALUES('last/validation_loss_standard_error',6.13793824414262459421e-02,1795838436742,0,0,'2b44a73046774ec8ab3905ef8e3ab415');
INSERT INTO "latest_metrics" VALUES('last/test_loss_mean',0.745395192,1795838436742,0,0,'2b44a73046774ec8ab3905ef8e3ab415');
INSERT INTO "latest_metrics" VALUES('last/test_loss_standard_error',9.10564106746990370444e-02,1795838436742,0,0,'2b44a73046774ec8ab3905ef8e3ab415');
INSERT INTO "latest_metrics" VALUES('validation/train_loss_mean',2.69022909333333337666e-01,1795838436742,0,0,'2b44a73046774ec8ab3905ef8e3ab415');
INSERT INTO "latest_metrics" VALUES('validation/train_loss_standard_error',7.81016255341204501672e-02,1795838436742,0,0,'2b44a73046774ec8ab3905ef8e3ab415');
INSERT INTO "latest_metrics" VALUES('validation/validation_loss_mean',2.20198374999999973988e-01,1795838436742,0,0,'2b44a73046774ec8ab3905ef8e3ab415');
INSERT INTO "latest_metrics" VALUES('validation/validation_loss_standard_error',3.8581309137142340282e-02,1795838436742,0,0,'2b44a73046774ec8ab3905ef8e3ab415');
INSERT INTO "latest_metrics" VALUES('validation/test_loss_mean',7.45884315666666686261e-01,1795838436742,0,0,'2b44a73046774ec8ab3905ef8e3ab415');
INSERT INTO "latest_metrics" VALUES('validation/test_loss_standard_error',6.02832356341715877579e-02,1795838436742,0,0,'2b44a73046774ec8ab3905ef8e3ab415');
INSERT INTO "latest_metrics" VALUES('validation/epoch_mean',10.0,1795838436742,0,0,'2b44a73046774ec8ab3905ef8e3ab415');
INSERT INTO "latest_metrics" VALUES('last/test_r2_mean',0.5,1795838436742,0,0,'2b44a73046774ec8ab3905ef8e3ab415');
INSERT INTO "latest_metrics" VALUES('last/test_r2_standard_error',1.4433756729740646052e-01,1795838436742,0,0,'2b44a73046774ec8ab3905ef8e3ab415');
INSERT INTO "latest_metrics" VALUES('validation/test_r2_mean',0.5,1795838436742,0,0,'2b44a73046774ec8ab3905ef8e3ab415');
INSERT INTO "latest_metrics" VALUES('validation/test_r2_standard_error',1.4433756729740646052e-01,1795838436742,0,0,'2b44a73046774ec8ab3905ef8e3ab415');
INSERT INTO "latest_metrics" VALUES('train_loss',0.407786833,1795838436754,12,0,'b9680298c8dc4cc581829a1c622d5558');
INSERT INTO "latest_metrics" VALUES('validation_loss',0.18912019,1795838436754,12,0,'b9680298c8dc4cc581829a1c622d5558');
INSERT INTO "latest_metrics" VALUES('test_loss',0.787320192,1795838436754,12,0,'b9680298c8dc4cc581829a1c622d5558');
INSERT INTO "latest_metrics" VALUES('validation/epoch',12.0,1795838436742,0,0,'b9680298c8dc4cc581829a1c622d5558');
INSERT INTO "latest_metrics" VALUES('validation/train_loss',0.407786833,1795838436742,0,0,'b9680298c8dc4cc581829a1c622d5558');
INSERT INTO "latest_metrics" VALUES('validation/validation_loss',0.18912019,1795838436742,0,0,'b9680298c8dc4cc581829a1c622d5558');
INSERT INTO "latest_metrics" VALUES('validation/test_loss',0.787320192,1795838436742,0,0,'b9680298c8dc4cc581829a1c622d5558');
INSERT INTO "latest_metrics" VALUES('last/test_r2',0.5,1795838436742,0,0,'b9680298c8dc4cc581829a1c622d5558');
INSERT INTO "latest_metrics" VALUES('validation/test_r2',0.5,1795838436742,0,0,'b9680298c8dc4cc581829a1c622d5558');
CREATE TABLE logged_model_metrics (
	model_id VARCHAR(36) NOT NULL, 
	metric_name VARCHAR(500) NOT NULL, 
	metric_timestamp_ms BIGINT NOT NULL, 
	metric_step BIGINT NOT NULL, 
	metric_value FLOAT, 
	experiment_id INTEGER NOT NULL, 
	run_id VARCHAR(32) NOT NULL, 
	dataset_uuid VARCHAR(36), 
	dataset_name VARCHAR(500), 
	dataset_digest VARCHAR(36), 
	CONSTRAINT logged_model_metrics_pk PRIMARY KEY (model_id, metric_name, metric_timestamp_ms, metric_step, run_id), 
	CONSTRAINT fk_logged_model_metrics_experiment_id FOREIGN KEY(experiment_id) REFERENCES experiments (experiment_id), 
	CONSTRAINT fk_logged_model_metrics_model_id FOREIGN KEY(model_id) REFERENCES logged_models (model_id) ON DELETE CASCADE, 
	CONSTRAINT fk_logged_model_metrics_run_id FOREIGN KEY(run_id) REFERENCES runs (run_uuid) ON DELETE CASCADE
);
CREATE TABLE logged_model_params (
	model_id VARCHAR(36) NOT NULL, 
	experiment_id INTEGER NOT NULL, 
	param_key VARCHAR(255) NOT NULL, 
	param_value TEXT NOT NULL, 
	CONSTRAINT logged_model_params_pk PRIMARY KEY (model_id, param_key), 
	CONSTRAINT fk_logged_model_params_experiment_id FOREIGN KEY(experiment_id) REFERENCES experiments (experiment_id), 
	CONSTRAINT fk_logged_model_params_model_id FOREIGN KEY(model_id) REFERENCES logged_models (model_id) ON DELETE CASCADE
);
CREATE TABLE logged_model_tags (
	model_id VARCHAR(36) NOT NULL, 
	experiment_id INTEGER NOT NULL, 
	tag_key VARCHAR(255) NOT NULL, 
	tag_value TEXT NOT NULL, 
	CONSTRAINT logged_model_tags_pk PRIMARY KEY (model_id, tag_key), 
	CONSTRAINT fk_logged_model_tags_experiment_id FOREIGN KEY(experiment_id) REFERENCES experiments (experiment_id), 
	CONSTRAINT fk_logged_model_tags_model_id FOREIGN KEY(model_id) REFERENCES logged_models (model_id) ON DELETE CASCADE
);
CREATE TABLE logged_models (
	model_id VARCHAR(36) NOT NULL, 
	experiment_id INTEGER NOT NULL, 
	name VARCHAR(500) NOT NULL, 
	artifact_location VARCHAR(1000) NOT NULL, 
	creation_timestamp_ms BIGINT NOT NULL, 
	last_updated_timestamp_ms BIGINT NOT NULL, 
	status INTEGER NOT NULL, 
	lifecycle_stage VARCHAR(32), 
	model_type VARCHAR(500), 
	source_run_id VARCHAR(32), 
	status_message VARCHAR(1000), 
	CONSTRAINT logged_models_pk PRIMARY KEY (model_id), 
	CONSTRAINT logged_models_lifecycle_stage_check CHECK (lifecycle_stage IN ('active', 'deleted')), 
	CONSTRAINT fk_logged_models_experiment_id FOREIGN KEY(experiment_id) REFERENCES experiments (experiment_id) ON DELETE CASCADE
);
CREATE TABLE mcp_access_endpoints (
	id VARCHAR(36) NOT NULL, 
	workspace VARCHAR(63) DEFAULT 'default' NOT NULL, 
	server_name VARCHAR(256) NOT NULL, 
	server_version VARCHAR(128), 
	server_alias VARCHAR(256), 
	url VARCHAR(2048) NOT NULL, 
	transport_type VARCHAR(32) DEFAULT 'streamable-http' NOT NULL, 
	created_by VARCHAR(256), 
	last_updated_by VARCHAR(256), 
	created_at BIGINT NOT NULL, 
	last_updated_at BIGINT NOT NULL, 
	CONSTRAINT mcp_access_endpoints_pk PRIMARY KEY (id), 
	CONSTRAINT mcp_access_endpoints_server_fkey FOREIGN KEY(workspace, server_name) REFERENCES mcp_servers (workspace, name) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE mcp_server_aliases (
	workspace VARCHAR(63) DEFAULT 'default' NOT NULL, 
	name VARCHAR(256) NOT NULL, 
	alias VARCHAR(256) NOT NULL, 
	version VARCHAR(128) NOT NULL, 
	CONSTRAINT mcp_server_aliases_pk PRIMARY KEY (workspace, name, alias), 
	CONSTRAINT mcp_server_aliases_server_fkey FOREIGN KEY(workspace, name) REFERENCES mcp_servers (workspace, name) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE mcp_server_tags (
	workspace VARCHAR(63) DEFAULT 'default' NOT NULL, 
	name VARCHAR(256) NOT NULL, 
	"key" VARCHAR(250) NOT NULL, 
	value VARCHAR(5000), 
	CONSTRAINT mcp_server_tags_pk PRIMARY KEY (workspace, name, "key"), 
	CONSTRAINT mcp_server_tags_server_fkey FOREIGN KEY(workspace, name) REFERENCES mcp_servers (workspace, name) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE mcp_server_version_tags (
	workspace VARCHAR(63) DEFAULT 'default' NOT NULL, 
	name VARCHAR(256) NOT NULL, 
	version VARCHAR(128) NOT NULL, 
	"key" VARCHAR(250) NOT NULL, 
	value VARCHAR(5000), 
	CONSTRAINT mcp_server_version_tags_pk PRIMARY KEY (workspace, name, version, "key"), 
	CONSTRAINT mcp_server_version_tags_version_fkey FOREIGN KEY(workspace, name, version) REFERENCES mcp_server_versions (workspace, name, version) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE mcp_server_versions (
	workspace VARCHAR(63) DEFAULT 'default' NOT NULL, 
	name VARCHAR(256) NOT NULL, 
	version VARCHAR(128) NOT NULL, 
	version_major INTEGER NOT NULL, 
	version_minor INTEGER NOT NULL, 
	version_patch INTEGER NOT NULL, 
	version_prerelease_sort_key VARCHAR(512) NOT NULL, 
	server_json JSON NOT NULL, 
	status VARCHAR(20) DEFAULT 'draft' NOT NULL, 
	tools JSON, 
	source VARCHAR(512), 
	connect_options JSON, 
	created_by VARCHAR(256), 
	last_updated_by VARCHAR(256), 
	created_at BIGINT NOT NULL, 
	last_updated_at BIGINT NOT NULL, 
	CONSTRAINT mcp_server_versions_pk PRIMARY KEY (workspace, name, version), 
	CONSTRAINT mcp_server_versions_server_fkey FOREIGN KEY(workspace, name) REFERENCES mcp_servers (workspace, name) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE mcp_servers (
	workspace VARCHAR(63) DEFAULT 'default' NOT NULL, 
	name VARCHAR(256) NOT NULL, 
	display_name VARCHAR(256), 
	description TEXT, 
	icons JSON, 
	created_by VARCHAR(256), 
	last_updated_by VARCHAR(256), 
	created_at BIGINT NOT NULL, 
	last_updated_at BIGINT NOT NULL, 
	CONSTRAINT mcp_servers_pk PRIMARY KEY (workspace, name)
);
CREATE TABLE "metrics" (
	"key" VARCHAR(250) NOT NULL, 
	value FLOAT NOT NULL, 
	timestamp BIGINT NOT NULL, 
	run_uuid VARCHAR(32) NOT NULL, 
	step BIGINT DEFAULT '0' NOT NULL, 
	is_nan BOOLEAN DEFAULT '0' NOT NULL, 
	CONSTRAINT metric_pk PRIMARY KEY ("key", timestamp, step, run_uuid, value, is_nan), 
	FOREIGN KEY(run_uuid) REFERENCES runs (run_uuid), 
	CHECK (is_nan IN (0, 1))
);
INSERT INTO "metrics" VALUES('best_value',0.25,1795838408393,'181fe2fdf7054379b4775e38aef57795',0,0);
INSERT INTO "metrics" VALUES('best_trial',2.0,1795838408393,'181fe2fdf7054379b4775e38aef57795',0,0);
INSERT INTO "metrics" VALUES('trials',4.0,1795838408393,'181fe2fdf7054379b4775e38aef57795',0,0);
INSERT INTO "metrics" VALUES('epochs_trained',32.0,1795838408393,'181fe2fdf7054379b4775e38aef57795',0,0);
INSERT INTO "metrics" VALUES('trials/complete',2.0,1795838408393,'181fe2fdf7054379b4775e38aef57795',0,0);
INSERT INTO "metrics" VALUES('trials/diverged',1.0,1795838408393,'181fe2fdf7054379b4775e38aef57795',0,0);
INSERT INTO "metrics" VALUES('trials/pruned',1.0,1795838408393,'181fe2fdf7054379b4775e38aef57795',0,0);
INSERT INTO "metrics" VALUES('importance/learning_rate',0.75,1795838408393,'181fe2fdf7054379b4775e38aef57795',0,0);
INSERT INTO "metrics" VALUES('best_so_far',0.75,1795838408394,'181fe2fdf7054379b4775e38aef57795',1,0);
INSERT INTO "metrics" VALUES('best_so_far',0.25,1795838408395,'181fe2fdf7054379b4775e38aef57795',2,0);
INSERT INTO "metrics" VALUES('best_so_far',0.25,1795838408396,'181fe2fdf7054379b4775e38aef57795',3,0);
INSERT INTO "metrics" VALUES('epochs',0.0,1795838408393,'e26535de86534cd784ff7794e1edd4ef',0,0);
INSERT INTO "metrics" VALUES('epochs',12.0,1795838408393,'c041327a4916412c8e05330296a5cb2a',0,0);
INSERT INTO "metrics" VALUES('intermediate_value',2.0,1795838408397,'c041327a4916412c8e05330296a5cb2a',4,0);
INSERT INTO "metrics" VALUES('intermediate_value',1.0,1795838408401,'c041327a4916412c8e05330296a5cb2a',8,0);
INSERT INTO "metrics" VALUES('intermediate_value',0.75,1795838408405,'c041327a4916412c8e05330296a5cb2a',12,0);
INSERT INTO "metrics" VALUES('value',0.75,1795838408393,'c041327a4916412c8e05330296a5cb2a',0,0);
INSERT INTO "metrics" VALUES('epochs',12.0,1795838408393,'c5fd3fdb2f0d4cd290f1452d6b7c68c9',0,0);
INSERT INTO "metrics" VALUES('intermediate_value',1.0,1795838408397,'c5fd3fdb2f0d4cd290f1452d6b7c68c9',4,0);
INSERT INTO "metrics" VALUES('intermediate_value',0.5,1795838408401,'c5fd3fdb2f0d4cd290f1452d6b7c68c9',8,0);
INSERT INTO "metrics" VALUES('intermediate_value',0.25,1795838408405,'c5fd3fdb2f0d4cd290f1452d6b7c68c9',12,0);
INSERT INTO "metrics" VALUES('value',0.25,1795838408393,'c5fd3fdb2f0d4cd290f1452d6b7c68c9',0,0);
INSERT INTO "metrics" VALUES('epochs',8.0,1795838408393,'a94011635095497eb73193546c271a1c',0,0);
INSERT INTO "metrics" VALUES('intermediate_value',3.0,1795838408397,'a94011635095497eb73193546c271a1c',4,0);
INSERT INTO "metrics" VALUES('intermediate_value',2.5,1795838408401,'a94011635095497eb73193546c271a1c',8,0);
INSERT INTO "metrics" VALUES('replicates',3.0,1795838408327,'371298ba3f614303893fcdaf5b263612',0,0);
INSERT INTO "metrics" VALUES('diverged',0.0,1795838408327,'371298ba3f614303893fcdaf5b263612',0,0);
INSERT INTO "metrics" VALUES('train_loss',7.04699600666666703396e-01,1795838408328,'371298ba3f614303893fcdaf5b263612',1,0);
INSERT INTO "metrics" VALUES('train_loss',6.32832782333333399016e-01,1795838408329,'371298ba3f614303893fcdaf5b263612',2,0);
INSERT INTO "metrics" VALUES('train_loss',8.77575514666666500751e-01,1795838408330,'371298ba3f614303893fcdaf5b263612',3,0);
INSERT INTO "metrics" VALUES('train_loss',5.55017691666666701522e-01,1795838408331,'371298ba3f614303893fcdaf5b263612',4,0);
INSERT INTO "metrics" VALUES('train_loss',5.98215691333333299262e-01,1795838408332,'371298ba3f614303893fcdaf5b263612',5,0);
INSERT INTO "metrics" VALUES('train_loss',7.29683301333333367288e-01,1795838408333,'371298ba3f614303893fcdaf5b263612',6,0);
INSERT INTO "metrics" VALUES('train_loss',0.840083167,1795838408334,'371298ba3f614303893fcdaf5b263612',7,0);
INSERT INTO "metrics" VALUES('train_loss',4.40754109666666671341e-01,1795838408335,'371298ba3f614303893fcdaf5b263612',8,0);
INSERT INTO "metrics" VALUES('train_loss',5.30268908666666649587e-01,1795838408336,'371298ba3f614303893fcdaf5b263612',9,0);
INSERT INTO "metrics" VALUES('train_loss',7.67972780333333271407e-01,1795838408337,'371298ba3f614303893fcdaf5b263612',10,0);
INSERT INTO "metrics" VALUES('train_loss',0.837884202,1795838408338,'371298ba3f614303893fcdaf5b263612',11,0);
INSERT INTO "metrics" VALUES('train_loss',0.420827103,1795838408339,'371298ba3f614303893fcdaf5b263612',12,0);
INSERT INTO "metrics" VALUES('validation_loss',4.82481558666666587864e-01,1795838408328,'371298ba3f614303893fcdaf5b263612',1,0);
INSERT INTO "metrics" VALUES('validation_loss',3.83234274333333291284e-01,1795838408329,'371298ba3f614303893fcdaf5b263612',2,0);
INSERT INTO "metrics" VALUES('validation_loss',4.14657539333333324815e-01,1795838408330,'371298ba3f614303893fcdaf5b263612',3,0);
INSERT INTO "metrics" VALUES('validation_loss',6.88726239333333434267e-01,1795838408331,'371298ba3f614303893fcdaf5b263612',4,0);
INSERT INTO "metrics" VALUES('validation_loss',0.217194384,1795838408332,'371298ba3f614303893fcdaf5b263612',5,0);
INSERT INTO "metrics" VALUES('validation_loss',6.51265716333333299914e-01,1795838408333,'371298ba3f614303893fcdaf5b263612',6,0);
INSERT INTO "metrics" VALUES('validation_loss',0.264983554,1795838408334,'371298ba3f614303893fcdaf5b263612',7,0);
INSERT INTO "metrics" VALUES('validation_loss',6.8002097866666666448e-01,1795838408335,'371298ba3f614303893fcdaf5b263612',8,0);
INSERT INTO "metrics" VALUES('validation_loss',4.25029136666666695898e-01,1795838408336,'371298ba3f614303893fcdaf5b263612',9,0);
INSERT INTO "metrics" VALUES('validation_loss',8.43448812000000103239e-01,1795838408337,'371298ba3f614303893fcdaf5b263612',10,0);
INSERT INTO "metrics" VALUES('validation_loss',9.8130839933333324776e-01,1795838408338,'371298ba3f614303893fcdaf5b263612',11,0);
INSERT INTO "metrics" VALUES('validation_loss',8.45740295333333391702e-01,1795838408339,'371298ba3f614303893fcdaf5b263612',12,0);
INSERT INTO "metrics" VALUES('test_loss',0.736717451,1795838408328,'371298ba3f614303893fcdaf5b263612',1,0);
INSERT INTO "metrics" VALUES('test_loss',5.89640922666666678075e-01,1795838408329,'371298ba3f614303893fcdaf5b263612',2,0);
INSERT INTO "metrics" VALUES('test_loss',4.46454337666666700723e-01,1795838408330,'371298ba3f614303893fcdaf5b263612',3,0);
INSERT INTO "metrics" VALUES('test_loss',9.52857867333333330428e-01,1795838408331,'371298ba3f614303893fcdaf5b263612',4,0);
INSERT INTO "metrics" VALUES('test_loss',0.489991759,1795838408332,'371298ba3f614303893fcdaf5b263612',5,0);
INSERT INTO "metrics" VALUES('test_loss',7.29854358666666702681e-01,1795838408333,'371298ba3f614303893fcdaf5b263612',6,0);
INSERT INTO "metrics" VALUES('test_loss',5.03365270333333336694e-01,1795838408334,'371298ba3f614303893fcdaf5b263612',7,0);
INSERT INTO "metrics" VALUES('test_loss',5.44821292666666678883e-01,1795838408335,'371298ba3f614303893fcdaf5b263612',8,0);
INSERT INTO "metrics" VALUES('test_loss',8.2832281333333346307e-01,1795838408336,'371298ba3f614303893fcdaf5b263612',9,0);
INSERT INTO "metrics" VALUES('test_loss',8.12687395000000090128e-01,1795838408337,'371298ba3f614303893fcdaf5b263612',10,0);
INSERT INTO "metrics" VALUES('test_loss',0.705812844,1795838408338,'371298ba3f614303893fcdaf5b263612',11,0);
INSERT INTO "metrics" VALUES('test_loss',7.29507916000000089518e-01,1795838408339,'371298ba3f614303893fcdaf5b263612',12,0);
INSERT INTO "metrics" VALUES('last/train_loss_mean',0.420827103,1795838408327,'371298ba3f614303893fcdaf5b263612',0,0);
INSERT INTO "metrics" VALUES('last/train_loss_standard_error',1.52814436482964610686e-01,1795838408327,'371298ba3f614303893fcdaf5b263612',0,0);
INSERT INTO "metrics" VALUES('last/validation_loss_mean',8.45740295333333391702e-01,1795838408327,'371298ba3f614303893fcdaf5b263612',0,0);
INSERT INTO "metrics" VALUES('last/validation_loss_standard_error',1.41420118646687409391e-01,1795838408327,'371298ba3f614303893fcdaf5b263612',0,0);
INSERT INTO "metrics" VALUES('last/test_loss_mean',7.29507916000000089518e-01,1795838408327,'371298ba3f614303893fcdaf5b263612',0,0);
INSERT INTO "metrics" VALUES('last/test_loss_standard_error',7.49820435585757810725e-02,1795838408327,'371298ba3f614303893fcdaf5b263612',0,0);
INSERT INTO "metrics" VALUES('validation/train_loss_mean',0.77847132,1795838408327,'371298ba3f614303893fcdaf5b263612',0,0);
INSERT INTO "metrics" VALUES('validation/train_loss_standard_error',1.42335077335188964209e-01,1795838408327,'371298ba3f614303893fcdaf5b263612',0,0);
INSERT INTO "metrics" VALUES('validation/validation_loss_mean',1.35948494666666669372e-01,1795838408327,'371298ba3f614303893fcdaf5b263612',0,0);
INSERT INTO "metrics" VALUES('validation/validation_loss_standard_error',1.5235823683416509916e-02,1795838408327,'371298ba3f614303893fcdaf5b263612',0,0);
INSERT INTO "metrics" VALUES('validation/test_loss_mean',0.4946061,1795838408327,'371298ba3f614303893fcdaf5b263612',0,0);
INSERT INTO "metrics" VALUES('validation/test_loss_standard_error',2.63620596743366353287e-01,1795838408327,'371298ba3f614303893fcdaf5b263612',0,0);
INSERT INTO "metrics" VALUES('validation/epoch_mean',4.33333333333333303727e+00,1795838408327,'371298ba3f614303893fcdaf5b263612',0,0);
INSERT INTO "metrics" VALUES('train_loss',0.483771498,1795838408328,'4262909b040e459a84ed4d0dc0f6bdf1',1,0);
INSERT INTO "metrics" VALUES('validation_loss',1.0759883,1795838408328,'4262909b040e459a84ed4d0dc0f6bdf1',1,0);
INSERT INTO "metrics" VALUES('test_loss',0.716226194,1795838408328,'4262909b040e459a84ed4d0dc0f6bdf1',1,0);
INSERT INTO "metrics" VALUES('train_loss',1.00063921,1795838408332,'4262909b040e459a84ed4d0dc0f6bdf1',5,0);
INSERT INTO "metrics" VALUES('validation_loss',0.155129591,1795838408332,'4262909b040e459a84ed4d0dc0f6bdf1',5,0);
INSERT INTO "metrics" VALUES('test_loss',1.01848654,1795838408332,'4262909b040e459a84ed4d0dc0f6bdf1',5,0);
INSERT INTO "metrics" VALUES('train_loss',1.0656135,1795838408334,'4262909b040e459a84ed4d0dc0f6bdf1',7,0);
INSERT INTO "metrics" VALUES('validation_loss',0.233615493,1795838408334,'4262909b040e459a84ed4d0dc0f6bdf1',7,0);
INSERT INTO "metrics" VALUES('test_loss',0.600660407,1795838408334,'4262909b040e459a84ed4d0dc0f6bdf1',7,0);
INSERT INTO "metrics" VALUES('train_loss',0.947763589,1795838408336,'4262909b040e459a84ed4d0dc0f6bdf1',9,0);
INSERT INTO "metrics" VALUES('validation_loss',0.849688489,1795838408336,'4262909b040e459a84ed4d0dc0f6bdf1',9,0);
INSERT INTO "metrics" VALUES('test_loss',0.598603605,1795838408336,'4262909b040e459a84ed4d0dc0f6bdf1',9,0);
INSERT INTO "metrics" VALUES('train_loss',0.709758302,1795838408339,'4262909b040e459a84ed4d0dc0f6bdf1',12,0);
INSERT INTO "metrics" VALUES('validation_loss',0.571925218,1795838408339,'4262909b040e459a84ed4d0dc0f6bdf1',12,0);
INSERT INTO "metrics" VALUES('test_loss',0.601179321,1795838408339,'4262909b040e459a84ed4d0dc0f6bdf1',12,0);
INSERT INTO "metrics" VALUES('validation/epoch',5.0,1795838408327,'4262909b040e459a84ed4d0dc0f6bdf1',0,0);
INSERT INTO "metrics" VALUES('validation/train_loss',1.00063921,1795838408327,'4262909b040e459a84ed4d0dc0f6bdf1',0,0);
INSERT INTO "metrics" VALUES('validation/validation_loss',0.155129591,1795838408327,'4262909b040e459a84ed4d0dc0f6bdf1',0,0);
INSERT INTO "metrics" VALUES('validation/test_loss',1.01848654,1795838408327,'4262909b040e459a84ed4d0dc0f6bdf1',0,0);
INSERT INTO "metrics" VALUES('train_loss',0.680430462,1795838408328,'113d305087524af696742129a8b00675',1,0);
INSERT INTO "metrics" VALUES('validation_loss',0.207188378,1795838408328,'113d305087524af696742129a8b00675',1,0);
INSERT INTO "metrics" VALUES('test_loss',0.861519018,1795838408328,'113d305087524af696742129a8b00675',1,0);
INSERT INTO "metrics" VALUES('train_loss',0.821526579,1795838408330,'113d305087524af696742129a8b00675',3,0);
INSERT INTO "metrics" VALUES('validation_loss',0.146862949,1795838408330,'113d305087524af696742129a8b00675',3,0);
INSERT INTO "metrics" VALUES('test_loss',0.284138402,1795838408330,'113d305087524af696742129a8b00675',3,0);
INSERT INTO "metrics" VALUES('train_loss',0.601072185,1795838408334,'113d305087524af696742129a8b00675',7,0);
INSERT INTO "metrics" VALUES('validation_loss',0.247634086,1795838408334,'113d305087524af696742129a8b00675',7,0);
INSERT INTO "metrics" VALUES('test_loss',0.626037553,1795838408334,'113d305087524af696742129a8b00675',7,0);
INSERT INTO "metrics" VALUES('train_loss',0.370406793,1795838408336,'113d305087524af696742129a8b00675',9,0);
INSERT INTO "metrics" VALUES('validation_loss',0.261528123,1795838408336,'113d305087524af696742129a8b00675',9,0);
INSERT INTO "metrics" VALUES('test_loss',1.06385386,1795838408336,'113d305087524af696742129a8b00675',9,0);
INSERT INTO "metrics" VALUES('train_loss',0.362650713,1795838408339,'113d305087524af696742129a8b00675',12,0);
INSERT INTO "metrics" VALUES('validation_loss',0.921264388,1795838408339,'113d305087524af696742129a8b00675',12,0);
INSERT INTO "metrics" VALUES('test_loss',0.860871539,1795838408339,'113d305087524af696742129a8b00675',12,0);
INSERT INTO "metrics" VALUES('validation/epoch',3.0,1795838408327,'113d305087524af696742129a8b00675',0,0);
INSERT INTO "metrics" VALUES('validation/train_loss',0.821526579,1795838408327,'113d305087524af696742129a8b00675',0,0);
INSERT INTO "metrics" VALUES('validation/validation_loss',0.146862949,1795838408327,'113d305087524af696742129a8b00675',0,0);
INSERT INTO "metrics" VALUES('validation/test_loss',0.284138402,1795838408327,'113d305087524af696742129a8b00675',0,0);
INSERT INTO "metrics" VALUES('train_loss',0.949896842,1795838408328,'d7f096daa9c64c888dbb83c9872a9f70',1,0);
INSERT INTO "metrics" VALUES('validation_loss',0.164267998,1795838408328,'d7f096daa9c64c888dbb83c9872a9f70',1,0);
INSERT INTO "metrics" VALUES('test_loss',0.632407141,1795838408328,'d7f096daa9c64c888dbb83c9872a9f70',1,0);
INSERT INTO "metrics" VALUES('train_loss',0.513248171,1795838408332,'d7f096daa9c64c888dbb83c9872a9f70',5,0);
INSERT INTO "metrics" VALUES('validation_loss',0.105852944,1795838408332,'d7f096daa9c64c888dbb83c9872a9f70',5,0);
INSERT INTO "metrics" VALUES('test_loss',0.181193358,1795838408332,'d7f096daa9c64c888dbb83c9872a9f70',5,0);
INSERT INTO "metrics" VALUES('train_loss',0.853563816,1795838408334,'d7f096daa9c64c888dbb83c9872a9f70',7,0);
INSERT INTO "metrics" VALUES('validation_loss',0.313701083,1795838408334,'d7f096daa9c64c888dbb83c9872a9f70',7,0);
INSERT INTO "metrics" VALUES('test_loss',0.283397851,1795838408334,'d7f096daa9c64c888dbb83c9872a9f70',7,0);
INSERT INTO "metrics" VALUES('train_loss',0.272636344,1795838408336,'d7f096daa9c64c888dbb83c9872a9f70',9,0);
INSERT INTO "metrics" VALUES('validation_loss',0.163870798,1795838408336,'d7f096daa9c64c888dbb83c9872a9f70',9,0);
INSERT INTO "metrics" VALUES('test_loss',0.822510975,1795838408336,'d7f096daa9c64c888dbb83c9872a9f70',9,0);
INSERT INTO "metrics" VALUES('train_loss',0.190072294,1795838408339,'d7f096daa9c64c888dbb83c9872a9f70',12,0);
INSERT INTO "metrics" VALUES('validation_loss',1.04403128,1795838408339,'d7f096daa9c64c888dbb83c9872a9f70',12,0);
INSERT INTO "metrics" VALUES('test_loss',0.726472888,1795838408339,'d7f096daa9c64c888dbb83c9872a9f70',12,0);
INSERT INTO "metrics" VALUES('validation/epoch',5.0,1795838408327,'d7f096daa9c64c888dbb83c9872a9f70',0,0);
INSERT INTO "metrics" VALUES('validation/train_loss',0.513248171,1795838408327,'d7f096daa9c64c888dbb83c9872a9f70',0,0);
INSERT INTO "metrics" VALUES('validation/validation_loss',0.105852944,1795838408327,'d7f096daa9c64c888dbb83c9872a9f70',0,0);
INSERT INTO "metrics" VALUES('validation/test_loss',0.181193358,1795838408327,'d7f096daa9c64c888dbb83c9872a9f70',0,0);
INSERT INTO "metrics" VALUES('replicates',3.0,1795838436742,'2b44a73046774ec8ab3905ef8e3ab415',0,0);
INSERT INTO "metrics" VALUES('diverged',0.0,1795838436742,'2b44a73046774ec8ab3905ef8e3ab415',0,0);
INSERT INTO "metrics" VALUES('train_loss',5.63972472666666724272e-01,1795838436743,'2b44a73046774ec8ab3905ef8e3ab415',1,0);
INSERT INTO "metrics" VALUES('train_loss',6.58594246333333299681e-01,1795838436744,'2b44a73046774ec8ab3905ef8e3ab415',2,0);
INSERT INTO "metrics" VALUES('train_loss',9.41018998666666717234e-01,1795838436745,'2b44a73046774ec8ab3905ef8e3ab415',3,0);
INSERT INTO "metrics" VALUES('train_loss',5.66684510666666696465e-01,1795838436746,'2b44a73046774ec8ab3905ef8e3ab415',4,0);
INSERT INTO "metrics" VALUES('train_loss',6.60665775666666621468e-01,1795838436747,'2b44a73046774ec8ab3905ef8e3ab415',5,0);
INSERT INTO "metrics" VALUES('train_loss',7.4010934433333330773e-01,1795838436748,'2b44a73046774ec8ab3905ef8e3ab415',6,0);
INSERT INTO "metrics" VALUES('train_loss',0.647390606,1795838436749,'2b44a73046774ec8ab3905ef8e3ab415',7,0);
INSERT INTO "metrics" VALUES('train_loss',6.51264013333333280364e-01,1795838436750,'2b44a73046774ec8ab3905ef8e3ab415',8,0);
INSERT INTO "metrics" VALUES('train_loss',7.04054620333333325277e-01,1795838436751,'2b44a73046774ec8ab3905ef8e3ab415',9,0);
INSERT INTO "metrics" VALUES('train_loss',4.0300908733333334899e-01,1795838436752,'2b44a73046774ec8ab3905ef8e3ab415',10,0);
INSERT INTO "metrics" VALUES('train_loss',6.10872251666666699065e-01,1795838436753,'2b44a73046774ec8ab3905ef8e3ab415',11,0);
INSERT INTO "metrics" VALUES('train_loss',7.34736930333333315701e-01,1795838436754,'2b44a73046774ec8ab3905ef8e3ab415',12,0);
INSERT INTO "metrics" VALUES('validation_loss',8.56091064999999873386e-01,1795838436743,'2b44a73046774ec8ab3905ef8e3ab415',1,0);
INSERT INTO "metrics" VALUES('validation_loss',6.69070976666666705767e-01,1795838436744,'2b44a73046774ec8ab3905ef8e3ab415',2,0);
INSERT INTO "metrics" VALUES('validation_loss',0.775128634,1795838436745,'2b44a73046774ec8ab3905ef8e3ab415',3,0);
INSERT INTO "metrics" VALUES('validation_loss',7.40946172333333374915e-01,1795838436746,'2b44a73046774ec8ab3905ef8e3ab415',4,0);
INSERT INTO "metrics" VALUES('validation_loss',8.07196233666666707051e-01,1795838436747,'2b44a73046774ec8ab3905ef8e3ab415',5,0);
INSERT INTO "metrics" VALUES('validation_loss',0.68199078,1795838436748,'2b44a73046774ec8ab3905ef8e3ab415',6,0);
INSERT INTO "metrics" VALUES('validation_loss',4.06014408000000048826e-01,1795838436749,'2b44a73046774ec8ab3905ef8e3ab415',7,0);
INSERT INTO "metrics" VALUES('validation_loss',4.66688705333333286873e-01,1795838436750,'2b44a73046774ec8ab3905ef8e3ab415',8,0);
INSERT INTO "metrics" VALUES('validation_loss',8.46990478666666657403e-01,1795838436751,'2b44a73046774ec8ab3905ef8e3ab415',9,0);
INSERT INTO "metrics" VALUES('validation_loss',4.74992103333333304249e-01,1795838436752,'2b44a73046774ec8ab3905ef8e3ab415',10,0);
INSERT INTO "metrics" VALUES('validation_loss',5.2913214033333333397e-01,1795838436753,'2b44a73046774ec8ab3905ef8e3ab415',11,0);
INSERT INTO "metrics" VALUES('validation_loss',0.309679282,1795838436754,'2b44a73046774ec8ab3905ef8e3ab415',12,0);
INSERT INTO "metrics" VALUES('test_loss',0.933763147,1795838436743,'2b44a73046774ec8ab3905ef8e3ab415',1,0);
INSERT INTO "metrics" VALUES('test_loss',4.76237419666666716988e-01,1795838436744,'2b44a73046774ec8ab3905ef8e3ab415',2,0);
INSERT INTO "metrics" VALUES('test_loss',6.74600023333333354003e-01,1795838436745,'2b44a73046774ec8ab3905ef8e3ab415',3,0);
INSERT INTO "metrics" VALUES('test_loss',8.42738512333333300574e-01,1795838436746,'2b44a73046774ec8ab3905ef8e3ab415',4,0);
INSERT INTO "metrics" VALUES('test_loss',0.692739462,1795838436747,'2b44a73046774ec8ab3905ef8e3ab415',5,0);
INSERT INTO "metrics" VALUES('test_loss',5.03972258333333367197e-01,1795838436748,'2b44a73046774ec8ab3905ef8e3ab415',6,0);
INSERT INTO "metrics" VALUES('test_loss',5.89904793333333343774e-01,1795838436749,'2b44a73046774ec8ab3905ef8e3ab415',7,0);
INSERT INTO "metrics" VALUES('test_loss',7.09802247999999913474e-01,1795838436750,'2b44a73046774ec8ab3905ef8e3ab415',8,0);
INSERT INTO "metrics" VALUES('test_loss',7.99914212666666735174e-01,1795838436751,'2b44a73046774ec8ab3905ef8e3ab415',9,0);
INSERT INTO "metrics" VALUES('test_loss',6.58235565666666633255e-01,1795838436752,'2b44a73046774ec8ab3905ef8e3ab415',10,0);
INSERT INTO "metrics" VALUES('test_loss',0.695651253,1795838436753,'2b44a73046774ec8ab3905ef8e3ab415',11,0);
INSERT INTO "metrics" VALUES('test_loss',0.745395192,1795838436754,'2b44a73046774ec8ab3905ef8e3ab415',12,0);
INSERT INTO "metrics" VALUES('last/train_loss_mean',7.34736930333333315701e-01,1795838436742,'2b44a73046774ec8ab3905ef8e3ab415',0,0);
INSERT INTO "metrics" VALUES('last/train_loss_standard_error',1.67518300225447308582e-01,1795838436742,'2b44a73046774ec8ab3905ef8e3ab415',0,0);
INSERT INTO "metrics" VALUES('last/validation_loss_mean',0.309679282,1795838436742,'2b44a73046774ec8ab3905ef8e3ab415',0,0);
INSERT INTO "metrics" VALUES('last/validation_loss_standard_error',6.13793824414262459421e-02,1795838436742,'2b44a73046774ec8ab3905ef8e3ab415',0,0);
INSERT INTO "metrics" VALUES('last/test_loss_mean',0.745395192,1795838436742,'2b44a73046774ec8ab3905ef8e3ab415',0,0);
INSERT INTO "metrics" VALUES('last/test_loss_standard_error',9.10564106746990370444e-02,1795838436742,'2b44a73046774ec8ab3905ef8e3ab415',0,0);
INSERT INTO "metrics" VALUES('validation/train_loss_mean',2.69022909333333337666e-01,1795838436742,'2b44a73046774ec8ab3905ef8e3ab415',0,0);
INSERT INTO "metrics" VALUES('validation/train_loss_standard_error',7.81016255341204501672e-02,1795838436742,'2b44a73046774ec8ab3905ef8e3ab415',0,0);
INSERT INTO "metrics" VALUES('validation/validation_loss_mean',2.20198374999999973988e-01,1795838436742,'2b44a73046774ec8ab3905ef8e3ab415',0,0);
INSERT INTO "metrics" VALUES('validation/validation_loss_standard_error',3.8581309137142340282e-02,1795838436742,'2b44a73046774ec8ab3905ef8e3ab415',0,0);
INSERT INTO "metrics" VALUES('validation/test_loss_mean',7.45884315666666686261e-01,1795838436742,'2b44a73046774ec8ab3905ef8e3ab415',0,0);
INSERT INTO "metrics" VALUES('validation/test_loss_standard_error',6.02832356341715877579e-02,1795838436742,'2b44a73046774ec8ab3905ef8e3ab415',0,0);
INSERT INTO "metrics" VALUES('validation/epoch_mean',10.0,1795838436742,'2b44a73046774ec8ab3905ef8e3ab415',0,0);
INSERT INTO "metrics" VALUES('last/test_r2_mean',0.5,1795838436742,'2b44a73046774ec8ab3905ef8e3ab415',0,0);
INSERT INTO "metrics" VALUES('last/test_r2_standard_error',1.4433756729740646052e-01,1795838436742,'2b44a73046774ec8ab3905ef8e3ab415',0,0);
INSERT INTO "metrics" VALUES('validation/test_r2_mean',0.5,1795838436742,'2b44a73046774ec8ab3905ef8e3ab415',0,0);
INSERT INTO "metrics" VALUES('validation/test_r2_standard_error',1.4433756729740646052e-01,1795838436742,'2b44a73046774ec8ab3905ef8e3ab415',0,0);
INSERT INTO "metrics" VALUES('train_loss',0.27184591,1795838436743,'b9680298c8dc4cc581829a1c622d5558',1,0);
INSERT INTO "metrics" VALUES('validation_loss',1.02293495,1795838436743,'b9680298c8dc4cc581829a1c622d5558',1,0);
INSERT INTO "metrics" VALUES('test_loss',0.938403537,1795838436743,'b9680298c8dc4cc581829a1c622d5558',1,0);
INSERT INTO "metrics" VALUES('train_loss',0.922534926,1795838436746,'b9680298c8dc4cc581829a1c622d5558',4,0);
INSERT INTO "metrics" VALUES('validation_loss',0.888435965,1795838436746,'b9680298c8dc4cc581829a1c622d5558',4,0);
INSERT INTO "metrics" VALUES('test_loss',0.967353735,1795838436746,'b9680298c8dc4cc581829a1c622d5558',4,0);
INSERT INTO "metrics" VALUES('train_loss',0.537594778,1795838436749,'b9680298c8dc4cc581829a1c622d5558',7,0);
INSERT INTO "metrics" VALUES('validation_loss',0.245537205,1795838436749,'b9680298c8dc4cc581829a1c622d5558',7,0);
INSERT INTO "metrics" VALUES('test_loss',0.211185542,1795838436749,'b9680298c8dc4cc581829a1c622d5558',7,0);
INSERT INTO "metrics" VALUES('train_loss',0.48548264,1795838436751,'b9680298c8dc4cc581829a1c622d5558',9,0);
INSERT INTO "metrics" VALUES('validation_loss',0.906813267,1795838436751,'b9680298c8dc4cc581829a1c622d5558',9,0);
INSERT INTO "metrics" VALUES('test_loss',0.479288486,1795838436751,'b9680298c8dc4cc581829a1c622d5558',9,0);
INSERT INTO "metrics" VALUES('train_loss',0.407786833,1795838436754,'b9680298c8dc4cc581829a1c622d5558',12,0);
INSERT INTO "metrics" VALUES('validation_loss',0.18912019,1795838436754,'b9680298c8dc4cc581829a1c622d5558',12,0);
INSERT INTO "metrics" VALUES('test_loss',0.787320192,1795838436754,'b9680298c8dc4cc581829a1c622d5558',12,0);
INSERT INTO "metrics" VALUES('validation/epoch',12.0,1795838436742,'b9680298c8dc4cc581829a1c622d5558',0,0);
INSERT INTO "metrics" VALUES('validation/train_loss',0.407786833,1795838436742,'b9680298c8dc4cc581829a1c622d5558',0,0);
INSERT INTO "metrics" VALUES('validation/validation_loss',0.18912019,1795838436742,'b9680298c8dc4cc581829a1c622d5558',0,0);
INSERT INTO "metrics" VALUES('validation/test_loss',0.787320192,1795838436742,'b9680298c8dc4cc581829a1c622d5558',0,0);
INSERT INTO "metrics" VALUES('last/test_r2',0.5,1795838436742,'b9680298c8dc4cc581829a1c622d5558',0,0);
INSERT INTO "metrics" VALUES('validation/test_r2',0.5,1795838436742,'b9680298c8dc4cc581829a1c622d5558',0,0);
CREATE TABLE "model_definitions" (
	model_definition_id VARCHAR(36) NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	secret_id VARCHAR(36), 
	provider VARCHAR(64) NOT NULL, 
	model_name VARCHAR(256) NOT NULL, 
	created_by VARCHAR(255), 
	created_at BIGINT NOT NULL, 
	last_updated_by VARCHAR(255), 
	last_updated_at BIGINT NOT NULL, 
	workspace VARCHAR(63) DEFAULT 'default' NOT NULL, 
	CONSTRAINT model_definitions_pk PRIMARY KEY (model_definition_id), 
	CONSTRAINT fk_model_definitions_secret_id FOREIGN KEY(secret_id) REFERENCES secrets (secret_id) ON DELETE SET NULL, 
	CONSTRAINT uq_model_definitions_workspace_name UNIQUE (workspace, name)
);
CREATE TABLE "model_version_tags" (
	"key" VARCHAR(250) NOT NULL, 
	value TEXT, 
	name VARCHAR(256) NOT NULL, 
	version INTEGER NOT NULL, 
	workspace VARCHAR(63) DEFAULT 'default' NOT NULL, 
	CONSTRAINT model_version_tag_pk PRIMARY KEY (workspace, "key", name, version), 
	CONSTRAINT fk_model_version_tags_model_versions FOREIGN KEY(workspace, name, version) REFERENCES model_versions (workspace, name, version) ON UPDATE CASCADE
);
CREATE TABLE "model_versions" (
	name VARCHAR(256) NOT NULL, 
	version INTEGER NOT NULL, 
	creation_time BIGINT, 
	last_updated_time BIGINT, 
	description VARCHAR(5000), 
	user_id VARCHAR(256), 
	current_stage VARCHAR(20), 
	source VARCHAR(500), 
	run_id VARCHAR(32), 
	status VARCHAR(20), 
	status_message VARCHAR(500), 
	run_link VARCHAR(500), 
	storage_location VARCHAR(500), 
	workspace VARCHAR(63) DEFAULT 'default' NOT NULL, 
	CONSTRAINT model_version_pk PRIMARY KEY (workspace, name, version), 
	CONSTRAINT fk_model_versions_registered_models FOREIGN KEY(workspace, name) REFERENCES registered_models (workspace, name) ON UPDATE CASCADE
);
CREATE TABLE online_scoring_configs (
	online_scoring_config_id VARCHAR(36) NOT NULL, 
	scorer_id VARCHAR(36) NOT NULL, 
	sample_rate FLOAT NOT NULL, 
	experiment_id INTEGER NOT NULL, 
	filter_string TEXT, 
	CONSTRAINT online_scoring_config_pk PRIMARY KEY (online_scoring_config_id), 
	CONSTRAINT fk_online_scoring_configs_scorer_id FOREIGN KEY(scorer_id) REFERENCES scorers (scorer_id) ON DELETE CASCADE, 
	CONSTRAINT fk_online_scoring_configs_experiment_id FOREIGN KEY(experiment_id) REFERENCES experiments (experiment_id)
);
CREATE TABLE "params" (
	"key" VARCHAR(250) NOT NULL, 
	value VARCHAR(8000) NOT NULL, 
	run_uuid VARCHAR(32) NOT NULL, 
	CONSTRAINT param_pk PRIMARY KEY ("key", run_uuid), 
	FOREIGN KEY(run_uuid) REFERENCES runs (run_uuid)
);
INSERT INTO "params" VALUES('network.activation','relu','181fe2fdf7054379b4775e38aef57795');
INSERT INTO "params" VALUES('network.depth','0','181fe2fdf7054379b4775e38aef57795');
INSERT INTO "params" VALUES('objective','validation_loss','181fe2fdf7054379b4775e38aef57795');
INSERT INTO "params" VALUES('sampler','tpe','181fe2fdf7054379b4775e38aef57795');
INSERT INTO "params" VALUES('startup_trials','2','181fe2fdf7054379b4775e38aef57795');
INSERT INTO "params" VALUES('pruner','median','181fe2fdf7054379b4775e38aef57795');
INSERT INTO "params" VALUES('seed','7','181fe2fdf7054379b4775e38aef57795');
INSERT INTO "params" VALUES('budget/trials','4','181fe2fdf7054379b4775e38aef57795');
INSERT INTO "params" VALUES('budget/replicates','2','181fe2fdf7054379b4775e38aef57795');
INSERT INTO "params" VALUES('budget/epochs','12','181fe2fdf7054379b4775e38aef57795');
INSERT INTO "params" VALUES('space/batch_size','8, 16','181fe2fdf7054379b4775e38aef57795');
INSERT INTO "params" VALUES('space/learning_rate','0.0001 to 1.0, on a logarithmic scale','181fe2fdf7054379b4775e38aef57795');
INSERT INTO "params" VALUES('space/width','16 to 64, on a logarithmic scale','181fe2fdf7054379b4775e38aef57795');
INSERT INTO "params" VALUES('best/learning_rate','0.01','181fe2fdf7054379b4775e38aef57795');
INSERT INTO "params" VALUES('best/batch_size','8','181fe2fdf7054379b4775e38aef57795');
INSERT INTO "params" VALUES('best/width','32','181fe2fdf7054379b4775e38aef57795');
INSERT INTO "params" VALUES('recipe','tuned','181fe2fdf7054379b4775e38aef57795');
INSERT INTO "params" VALUES('study','0','181fe2fdf7054379b4775e38aef57795');
INSERT INTO "params" VALUES('depth','0','181fe2fdf7054379b4775e38aef57795');
INSERT INTO "params" VALUES('learning_rate','0.9','e26535de86534cd784ff7794e1edd4ef');
INSERT INTO "params" VALUES('batch_size','8','e26535de86534cd784ff7794e1edd4ef');
INSERT INTO "params" VALUES('width','32','e26535de86534cd784ff7794e1edd4ef');
INSERT INTO "params" VALUES('depth','0','e26535de86534cd784ff7794e1edd4ef');
INSERT INTO "params" VALUES('learning_rate','0.001','c041327a4916412c8e05330296a5cb2a');
INSERT INTO "params" VALUES('batch_size','8','c041327a4916412c8e05330296a5cb2a');
INSERT INTO "params" VALUES('width','32','c041327a4916412c8e05330296a5cb2a');
INSERT INTO "params" VALUES('depth','0','c041327a4916412c8e05330296a5cb2a');
INSERT INTO "params" VALUES('learning_rate','0.01','c5fd3fdb2f0d4cd290f1452d6b7c68c9');
INSERT INTO "params" VALUES('batch_size','8','c5fd3fdb2f0d4cd290f1452d6b7c68c9');
INSERT INTO "params" VALUES('width','32','c5fd3fdb2f0d4cd290f1452d6b7c68c9');
INSERT INTO "params" VALUES('depth','0','c5fd3fdb2f0d4cd290f1452d6b7c68c9');
INSERT INTO "params" VALUES('learning_rate','0.0001','a94011635095497eb73193546c271a1c');
INSERT INTO "params" VALUES('batch_size','8','a94011635095497eb73193546c271a1c');
INSERT INTO "params" VALUES('width','32','a94011635095497eb73193546c271a1c');
INSERT INTO "params" VALUES('depth','0','a94011635095497eb73193546c271a1c');
INSERT INTO "params" VALUES('depth','0','371298ba3f614303893fcdaf5b263612');
INSERT INTO "params" VALUES('epochs','12','371298ba3f614303893fcdaf5b263612');
INSERT INTO "params" VALUES('first_replicate','0','371298ba3f614303893fcdaf5b263612');
INSERT INTO "params" VALUES('learning_rate','0.003','371298ba3f614303893fcdaf5b263612');
INSERT INTO "params" VALUES('replicates','3','371298ba3f614303893fcdaf5b263612');
INSERT INTO "params" VALUES('seed','7','371298ba3f614303893fcdaf5b263612');
INSERT INTO "params" VALUES('width','64','371298ba3f614303893fcdaf5b263612');
INSERT INTO "params" VALUES('recipe','fixed','371298ba3f614303893fcdaf5b263612');
INSERT INTO "params" VALUES('depth','1','2b44a73046774ec8ab3905ef8e3ab415');
INSERT INTO "params" VALUES('epochs','12','2b44a73046774ec8ab3905ef8e3ab415');
INSERT INTO "params" VALUES('first_replicate','0','2b44a73046774ec8ab3905ef8e3ab415');
INSERT INTO "params" VALUES('learning_rate','0.003','2b44a73046774ec8ab3905ef8e3ab415');
INSERT INTO "params" VALUES('replicates','3','2b44a73046774ec8ab3905ef8e3ab415');
INSERT INTO "params" VALUES('seed','7','2b44a73046774ec8ab3905ef8e3ab415');
INSERT INTO "params" VALUES('width','64','2b44a73046774ec8ab3905ef8e3ab415');
INSERT INTO "params" VALUES('recipe','fixed','2b44a73046774ec8ab3905ef8e3ab415');
CREATE TABLE "registered_model_aliases" (
	alias VARCHAR(256) NOT NULL, 
	version INTEGER NOT NULL, 
	name VARCHAR(256) NOT NULL, 
	workspace VARCHAR(63) DEFAULT 'default' NOT NULL, 
	CONSTRAINT registered_model_alias_pk PRIMARY KEY (workspace, name, alias), 
	CONSTRAINT fk_registered_model_aliases_registered_models FOREIGN KEY(workspace, name) REFERENCES registered_models (workspace, name) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE "registered_model_tags" (
	"key" VARCHAR(250) NOT NULL, 
	value VARCHAR(5000), 
	name VARCHAR(256) NOT NULL, 
	workspace VARCHAR(63) DEFAULT 'default' NOT NULL, 
	CONSTRAINT registered_model_tag_pk PRIMARY KEY (workspace, "key", name), 
	CONSTRAINT fk_registered_model_tags_registered_models FOREIGN KEY(workspace, name) REFERENCES registered_models (workspace, name) ON UPDATE CASCADE
);
CREATE TABLE "registered_models" (
	name VARCHAR(256) NOT NULL, 
	creation_time BIGINT, 
	last_updated_time BIGINT, 
	description VARCHAR(5000), 
	workspace VARCHAR(63) DEFAULT 'default' NOT NULL, 
	CONSTRAINT registered_model_pk PRIMARY KEY (workspace, name)
);
CREATE TABLE review_queue_items (
	queue_id VARCHAR(36) NOT NULL, 
	item_type VARCHAR(16) NOT NULL, 
	item_id VARCHAR(50) NOT NULL, 
	status VARCHAR(16) NOT NULL, 
	completed_by VARCHAR(250), 
	completed_time_ms BIGINT, 
	creation_time_ms BIGINT NOT NULL, 
	last_update_time_ms BIGINT NOT NULL, 
	CONSTRAINT review_queue_items_pk PRIMARY KEY (queue_id, item_id), 
	CONSTRAINT fk_review_queue_items_queue_id FOREIGN KEY(queue_id) REFERENCES review_queues (queue_id) ON DELETE CASCADE
);
CREATE TABLE review_queue_label_schemas (
	queue_id VARCHAR(36) NOT NULL, 
	schema_id VARCHAR(36) NOT NULL, 
	CONSTRAINT review_queue_label_schemas_pk PRIMARY KEY (queue_id, schema_id), 
	CONSTRAINT fk_review_queue_label_schemas_queue_id FOREIGN KEY(queue_id) REFERENCES review_queues (queue_id) ON DELETE CASCADE
);
CREATE TABLE review_queue_users (
	queue_id VARCHAR(36) NOT NULL, 
	user_id VARCHAR(250) NOT NULL, 
	CONSTRAINT review_queue_users_pk PRIMARY KEY (queue_id, user_id), 
	CONSTRAINT fk_review_queue_users_queue_id FOREIGN KEY(queue_id) REFERENCES review_queues (queue_id) ON DELETE CASCADE
);
CREATE TABLE review_queues (
	queue_id VARCHAR(36) NOT NULL, 
	experiment_id INTEGER NOT NULL, 
	name VARCHAR(250) NOT NULL, 
	queue_type VARCHAR(16) NOT NULL, 
	created_by VARCHAR(255), 
	creation_time_ms BIGINT NOT NULL, 
	last_update_time_ms BIGINT NOT NULL, 
	name_key VARCHAR(250) NOT NULL, 
	CONSTRAINT review_queues_pk PRIMARY KEY (queue_id), 
	CONSTRAINT fk_review_queues_experiment_id FOREIGN KEY(experiment_id) REFERENCES experiments (experiment_id) ON DELETE CASCADE, 
	CONSTRAINT uq_review_queues_experiment_name_key UNIQUE (experiment_id, name_key)
);
CREATE TABLE "runs" (
	run_uuid VARCHAR(32) NOT NULL, 
	name VARCHAR(250), 
	source_type VARCHAR(20), 
	source_name VARCHAR(500), 
	entry_point_name VARCHAR(50), 
	user_id VARCHAR(256), 
	status VARCHAR(9), 
	start_time BIGINT, 
	end_time BIGINT, 
	source_version VARCHAR(50), 
	lifecycle_stage VARCHAR(20), 
	artifact_uri VARCHAR(200), 
	experiment_id INTEGER, deleted_time BIGINT, 
	CONSTRAINT run_pk PRIMARY KEY (run_uuid), 
	CONSTRAINT source_type CHECK (source_type IN ('NOTEBOOK', 'JOB', 'LOCAL', 'UNKNOWN', 'PROJECT')), 
	CONSTRAINT runs_lifecycle_stage CHECK (lifecycle_stage IN ('active', 'deleted')), 
	FOREIGN KEY(experiment_id) REFERENCES experiments (experiment_id), 
	CHECK (status IN ('SCHEDULED', 'FAILED', 'FINISHED', 'RUNNING', 'KILLED'))
);
INSERT INTO "runs" VALUES('181fe2fdf7054379b4775e38aef57795','search depth 0 study 0','UNKNOWN','','','someone','FINISHED',1795838408393,1795838408393,'','active','FOLDER-OF-THE-STORE/.depthgauge/mlartifacts/digits/181fe2fdf7054379b4775e38aef57795/artifacts',1,NULL);
INSERT INTO "runs" VALUES('e26535de86534cd784ff7794e1edd4ef','trial 0 (diverged)','UNKNOWN','','','someone','FAILED',1795838408393,1795838408393,'','active','FOLDER-OF-THE-STORE/.depthgauge/mlartifacts/digits/e26535de86534cd784ff7794e1edd4ef/artifacts',1,NULL);
INSERT INTO "runs" VALUES('c041327a4916412c8e05330296a5cb2a','trial 1','UNKNOWN','','','someone','FINISHED',1795838408393,1795838408393,'','active','FOLDER-OF-THE-STORE/.depthgauge/mlartifacts/digits/c041327a4916412c8e05330296a5cb2a/artifacts',1,NULL);
INSERT INTO "runs" VALUES('c5fd3fdb2f0d4cd290f1452d6b7c68c9','trial 2','UNKNOWN','','','someone','FINISHED',1795838408393,1795838408393,'','active','FOLDER-OF-THE-STORE/.depthgauge/mlartifacts/digits/c5fd3fdb2f0d4cd290f1452d6b7c68c9/artifacts',1,NULL);
INSERT INTO "runs" VALUES('a94011635095497eb73193546c271a1c','trial 3 (pruned)','UNKNOWN','','','someone','KILLED',1795838408393,1795838408393,'','active','FOLDER-OF-THE-STORE/.depthgauge/mlartifacts/digits/a94011635095497eb73193546c271a1c/artifacts',1,NULL);
INSERT INTO "runs" VALUES('371298ba3f614303893fcdaf5b263612','fixed depth 0','UNKNOWN','','','someone','FINISHED',1795838408327,1795838408327,'','active','FOLDER-OF-THE-STORE/.depthgauge/mlartifacts/digits/371298ba3f614303893fcdaf5b263612/artifacts',1,NULL);
INSERT INTO "runs" VALUES('4262909b040e459a84ed4d0dc0f6bdf1','replicate 0','UNKNOWN','','','someone','FINISHED',1795838408327,1795838408327,'','active','FOLDER-OF-THE-STORE/.depthgauge/mlartifacts/digits/4262909b040e459a84ed4d0dc0f6bdf1/artifacts',1,NULL);
INSERT INTO "runs" VALUES('113d305087524af696742129a8b00675','replicate 1','UNKNOWN','','','someone','FINISHED',1795838408327,1795838408327,'','active','FOLDER-OF-THE-STORE/.depthgauge/mlartifacts/digits/113d305087524af696742129a8b00675/artifacts',1,NULL);
INSERT INTO "runs" VALUES('d7f096daa9c64c888dbb83c9872a9f70','replicate 2','UNKNOWN','','','someone','FINISHED',1795838408327,1795838408327,'','active','FOLDER-OF-THE-STORE/.depthgauge/mlartifacts/digits/d7f096daa9c64c888dbb83c9872a9f70/artifacts',1,NULL);
INSERT INTO "runs" VALUES('2b44a73046774ec8ab3905ef8e3ab415','fixed depth 1','UNKNOWN','','','someone','RUNNING',1795838436742,NULL,'','active','FOLDER-OF-THE-STORE/.depthgauge/mlartifacts/digits/2b44a73046774ec8ab3905ef8e3ab415/artifacts',1,NULL);
INSERT INTO "runs" VALUES('b9680298c8dc4cc581829a1c622d5558','replicate 0','UNKNOWN','','','someone','RUNNING',1795838436742,NULL,'','active','FOLDER-OF-THE-STORE/.depthgauge/mlartifacts/digits/b9680298c8dc4cc581829a1c622d5558/artifacts',1,NULL);
CREATE TABLE scheduler_leases (
	lease_key VARCHAR(255) NOT NULL, 
	acquired_at BIGINT NOT NULL, 
	ttl_seconds INTEGER NOT NULL, 
	CONSTRAINT scheduler_leases_pk PRIMARY KEY (lease_key)
);
CREATE TABLE scorer_versions (
	scorer_id VARCHAR(36) NOT NULL, 
	scorer_version INTEGER NOT NULL, 
	serialized_scorer TEXT NOT NULL, 
	creation_time BIGINT, 
	CONSTRAINT scorer_version_pk PRIMARY KEY (scorer_id, scorer_version), 
	CONSTRAINT fk_scorer_versions_scorer_id FOREIGN KEY(scorer_id) REFERENCES scorers (scorer_id) ON DELETE CASCADE
);
CREATE TABLE scorers (
	experiment_id INTEGER NOT NULL, 
	scorer_name VARCHAR(256) NOT NULL, 
	scorer_id VARCHAR(36) NOT NULL, 
	CONSTRAINT scorer_pk PRIMARY KEY (scorer_id), 
	CONSTRAINT fk_scorers_experiment_id FOREIGN KEY(experiment_id) REFERENCES experiments (experiment_id) ON DELETE CASCADE
);
CREATE TABLE "secrets" (
	secret_id VARCHAR(36) NOT NULL, 
	secret_name VARCHAR(255) NOT NULL, 
	encrypted_value BLOB NOT NULL, 
	wrapped_dek BLOB NOT NULL, 
	kek_version INTEGER NOT NULL, 
	masked_value VARCHAR(500) NOT NULL, 
	provider VARCHAR(64), 
	auth_config TEXT, 
	description TEXT, 
	created_by VARCHAR(255), 
	created_at BIGINT NOT NULL, 
	last_updated_by VARCHAR(255), 
	last_updated_at BIGINT NOT NULL, 
	workspace VARCHAR(63) DEFAULT 'default' NOT NULL, 
	CONSTRAINT secrets_pk PRIMARY KEY (secret_id), 
	CONSTRAINT uq_secrets_workspace_secret_name UNIQUE (workspace, secret_name)
);
CREATE TABLE span_metrics (
	trace_id VARCHAR(50) NOT NULL, 
	span_id VARCHAR(50) NOT NULL, 
	"key" VARCHAR(250) NOT NULL, 
	value FLOAT, 
	CONSTRAINT span_metrics_pk PRIMARY KEY (trace_id, span_id, "key"), 
	CONSTRAINT fk_span_metrics_span FOREIGN KEY(trace_id, span_id) REFERENCES spans (trace_id, span_id) ON DELETE CASCADE
);
CREATE TABLE "spans" (
	trace_id VARCHAR(50) NOT NULL, 
	experiment_id INTEGER NOT NULL, 
	span_id VARCHAR(50) NOT NULL, 
	parent_span_id VARCHAR(50), 
	name TEXT, 
	type VARCHAR(500), 
	status VARCHAR(50) NOT NULL, 
	start_time_unix_nano BIGINT NOT NULL, 
	end_time_unix_nano BIGINT, 
	duration_ns BIGINT GENERATED ALWAYS AS (end_time_unix_nano - start_time_unix_nano) STORED, 
	content TEXT NOT NULL, 
	input_cost FLOAT, 
	output_cost FLOAT, 
	total_cost FLOAT, 
	model_name VARCHAR(500), 
	model_provider VARCHAR(500), 
	CONSTRAINT spans_pk PRIMARY KEY (trace_id, span_id), 
	CONSTRAINT fk_spans_experiment_id FOREIGN KEY(experiment_id) REFERENCES experiments (experiment_id), 
	CONSTRAINT fk_spans_trace_id FOREIGN KEY(trace_id) REFERENCES trace_info (request_id) ON DELETE CASCADE
);
CREATE TABLE sql_assessment_daily_rollups (
	id INTEGER NOT NULL, 
	experiment_id INTEGER NOT NULL, 
	rollup_day DATE NOT NULL, 
	metric_name VARCHAR(250) NOT NULL, 
	grouping_set VARCHAR(50) NOT NULL, 
	sample_count BIGINT NOT NULL, 
	sum_value FLOAT, 
	min_value FLOAT, 
	max_value FLOAT, 
	CONSTRAINT sql_assessment_daily_rollups_pk PRIMARY KEY (id)
);
CREATE TABLE sql_span_cost_daily_rollups (
	id INTEGER NOT NULL, 
	experiment_id INTEGER NOT NULL, 
	rollup_day DATE NOT NULL, 
	metric_name VARCHAR(250) NOT NULL, 
	grouping_set VARCHAR(50) NOT NULL, 
	model_name VARCHAR(500), 
	model_provider VARCHAR(500), 
	sample_count BIGINT NOT NULL, 
	sum_value FLOAT, 
	min_value FLOAT, 
	max_value FLOAT, 
	CONSTRAINT sql_span_cost_daily_rollups_pk PRIMARY KEY (id)
);
CREATE TABLE sql_trace_metric_daily_rollups (
	id INTEGER NOT NULL, 
	experiment_id INTEGER NOT NULL, 
	rollup_day DATE NOT NULL, 
	metric_name VARCHAR(250) NOT NULL, 
	grouping_set VARCHAR(50) NOT NULL, 
	trace_status VARCHAR(50), 
	sample_count BIGINT NOT NULL, 
	sum_value FLOAT, 
	min_value FLOAT, 
	max_value FLOAT, 
	p50_value FLOAT, 
	p90_value FLOAT, 
	p99_value FLOAT, 
	CONSTRAINT sql_trace_metric_daily_rollups_pk PRIMARY KEY (id)
);
CREATE TABLE sql_trace_rollup_rebuild_queue (
	experiment_id INTEGER NOT NULL, 
	rollup_day DATE NOT NULL, 
	rollup_family VARCHAR(50) NOT NULL, 
	CONSTRAINT sql_trace_rollup_rebuild_queue_pk PRIMARY KEY (experiment_id, rollup_day, rollup_family)
);
CREATE TABLE "tags" (
	"key" VARCHAR(250) NOT NULL, 
	value VARCHAR(8000), 
	run_uuid VARCHAR(32) NOT NULL, 
	CONSTRAINT tag_pk PRIMARY KEY ("key", run_uuid), 
	FOREIGN KEY(run_uuid) REFERENCES runs (run_uuid)
);
INSERT INTO "tags" VALUES('depthgauge.kind','study','181fe2fdf7054379b4775e38aef57795');
INSERT INTO "tags" VALUES('optuna.study','digits depth 0 study 0 12345678','181fe2fdf7054379b4775e38aef57795');
INSERT INTO "tags" VALUES('depthgauge.recipe','tuned','181fe2fdf7054379b4775e38aef57795');
INSERT INTO "tags" VALUES('depthgauge.axis','depth','181fe2fdf7054379b4775e38aef57795');
INSERT INTO "tags" VALUES('depthgauge.point','0','181fe2fdf7054379b4775e38aef57795');
INSERT INTO "tags" VALUES('depthgauge.code_digest','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','181fe2fdf7054379b4775e38aef57795');
INSERT INTO "tags" VALUES('depthgauge.data_digest','dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd','181fe2fdf7054379b4775e38aef57795');
INSERT INTO "tags" VALUES('mlflow.source.name','depthgauge','181fe2fdf7054379b4775e38aef57795');
INSERT INTO "tags" VALUES('depthgauge.source_dirty','unknown: no git commit','181fe2fdf7054379b4775e38aef57795');
INSERT INTO "tags" VALUES('depthgauge.recipe_digest','437bd5f604ca555484fae4c89d982730aede16dd2274d7fbfa2554656a8652aa','181fe2fdf7054379b4775e38aef57795');
INSERT INTO "tags" VALUES('mlflow.note.content','Optuna''s search for the recipe `tuned` at depth 0, on train and validation data alone: 4 trials (2 complete, 1 diverged, 1 pruned), each of 2 replicates and at most 12 epochs.

Best: trial 2, mean validation_loss 0.25, with learning_rate 0.01, batch_size 8, width 32.

Each trial is a run below this one: FINISHED is complete, KILLED pruned, FAILED diverged. Trials are numbered by their place among the finished trials, which is Optuna''s number unless a search was interrupted; there it is the attribute `finished trial`.

`make studies` opens the Optuna dashboard; the study there is `digits depth 0 study 0 12345678`.','181fe2fdf7054379b4775e38aef57795');
INSERT INTO "tags" VALUES('depthgauge.logging_digest','5b4760aa0c6fc800376a05bf926451de1995dcf1e25d38f40116786f710709a8','181fe2fdf7054379b4775e38aef57795');
INSERT INTO "tags" VALUES('depthgauge.origin','8368313523f7e94c','181fe2fdf7054379b4775e38aef57795');
INSERT INTO "tags" VALUES('mlflow.runName','search depth 0 study 0','181fe2fdf7054379b4775e38aef57795');
INSERT INTO "tags" VALUES('depthgauge.recipe','tuned','e26535de86534cd784ff7794e1edd4ef');
INSERT INTO "tags" VALUES('depthgauge.axis','depth','e26535de86534cd784ff7794e1edd4ef');
INSERT INTO "tags" VALUES('depthgauge.point','0','e26535de86534cd784ff7794e1edd4ef');
INSERT INTO "tags" VALUES('depthgauge.kind','trial','e26535de86534cd784ff7794e1edd4ef');
INSERT INTO "tags" VALUES('optuna.study','digits depth 0 study 0 12345678','e26535de86534cd784ff7794e1edd4ef');
INSERT INTO "tags" VALUES('optuna.trial','0','e26535de86534cd784ff7794e1edd4ef');
INSERT INTO "tags" VALUES('depthgauge.trial_state','diverged','e26535de86534cd784ff7794e1edd4ef');
INSERT INTO "tags" VALUES('mlflow.parentRunId','181fe2fdf7054379b4775e38aef57795','e26535de86534cd784ff7794e1edd4ef');
INSERT INTO "tags" VALUES('mlflow.runName','trial 0 (diverged)','e26535de86534cd784ff7794e1edd4ef');
INSERT INTO "tags" VALUES('depthgauge.recipe','tuned','c041327a4916412c8e05330296a5cb2a');
INSERT INTO "tags" VALUES('depthgauge.axis','depth','c041327a4916412c8e05330296a5cb2a');
INSERT INTO "tags" VALUES('depthgauge.point','0','c041327a4916412c8e05330296a5cb2a');
INSERT INTO "tags" VALUES('depthgauge.kind','trial','c041327a4916412c8e05330296a5cb2a');
INSERT INTO "tags" VALUES('optuna.study','digits depth 0 study 0 12345678','c041327a4916412c8e05330296a5cb2a');
INSERT INTO "tags" VALUES('optuna.trial','1','c041327a4916412c8e05330296a5cb2a');
INSERT INTO "tags" VALUES('depthgauge.trial_state','complete','c041327a4916412c8e05330296a5cb2a');
INSERT INTO "tags" VALUES('mlflow.parentRunId','181fe2fdf7054379b4775e38aef57795','c041327a4916412c8e05330296a5cb2a');
INSERT INTO "tags" VALUES('mlflow.runName','trial 1','c041327a4916412c8e05330296a5cb2a');
INSERT INTO "tags" VALUES('depthgauge.recipe','tuned','c5fd3fdb2f0d4cd290f1452d6b7c68c9');
INSERT INTO "tags" VALUES('depthgauge.axis','depth','c5fd3fdb2f0d4cd290f1452d6b7c68c9');
INSERT INTO "tags" VALUES('depthgauge.point','0','c5fd3fdb2f0d4cd290f1452d6b7c68c9');
INSERT INTO "tags" VALUES('depthgauge.kind','trial','c5fd3fdb2f0d4cd290f1452d6b7c68c9');
INSERT INTO "tags" VALUES('optuna.study','digits depth 0 study 0 12345678','c5fd3fdb2f0d4cd290f1452d6b7c68c9');
INSERT INTO "tags" VALUES('optuna.trial','2','c5fd3fdb2f0d4cd290f1452d6b7c68c9');
INSERT INTO "tags" VALUES('depthgauge.trial_state','complete','c5fd3fdb2f0d4cd290f1452d6b7c68c9');
INSERT INTO "tags" VALUES('mlflow.parentRunId','181fe2fdf7054379b4775e38aef57795','c5fd3fdb2f0d4cd290f1452d6b7c68c9');
INSERT INTO "tags" VALUES('mlflow.runName','trial 2','c5fd3fdb2f0d4cd290f1452d6b7c68c9');
INSERT INTO "tags" VALUES('depthgauge.recipe','tuned','a94011635095497eb73193546c271a1c');
INSERT INTO "tags" VALUES('depthgauge.axis','depth','a94011635095497eb73193546c271a1c');
INSERT INTO "tags" VALUES('depthgauge.point','0','a94011635095497eb73193546c271a1c');
INSERT INTO "tags" VALUES('depthgauge.kind','trial','a94011635095497eb73193546c271a1c');
INSERT INTO "tags" VALUES('optuna.study','digits depth 0 study 0 12345678','a94011635095497eb73193546c271a1c');
INSERT INTO "tags" VALUES('optuna.trial','3','a94011635095497eb73193546c271a1c');
INSERT INTO "tags" VALUES('depthgauge.trial_state','pruned','a94011635095497eb73193546c271a1c');
INSERT INTO "tags" VALUES('mlflow.parentRunId','181fe2fdf7054379b4775e38aef57795','a94011635095497eb73193546c271a1c');
INSERT INTO "tags" VALUES('mlflow.runName','trial 3 (pruned)','a94011635095497eb73193546c271a1c');
INSERT INTO "tags" VALUES('depthgauge.current','false','181fe2fdf7054379b4775e38aef57795');
INSERT INTO "tags" VALUES('depthgauge.children','4','181fe2fdf7054379b4775e38aef57795');
INSERT INTO "tags" VALUES('depthgauge.content_digest','5b4760aa0c6fc800376a05bf926451de1995dcf1e25d38f40116786f710709a8','181fe2fdf7054379b4775e38aef57795');
INSERT INTO "tags" VALUES('depthgauge.kind','point','371298ba3f614303893fcdaf5b263612');
INSERT INTO "tags" VALUES('depthgauge.inputs_digest','cb209bcee0a78f58f961fbaa89609d1352d40eaef7393ae137e21471985192e2','371298ba3f614303893fcdaf5b263612');
INSERT INTO "tags" VALUES('depthgauge.first_replicate','0','371298ba3f614303893fcdaf5b263612');
INSERT INTO "tags" VALUES('depthgauge.recipe','fixed','371298ba3f614303893fcdaf5b263612');
INSERT INTO "tags" VALUES('depthgauge.axis','depth','371298ba3f614303893fcdaf5b263612');
INSERT INTO "tags" VALUES('depthgauge.point','0','371298ba3f614303893fcdaf5b263612');
INSERT INTO "tags" VALUES('depthgauge.code_digest','ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff','371298ba3f614303893fcdaf5b263612');
INSERT INTO "tags" VALUES('depthgauge.data_digest','dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd','371298ba3f614303893fcdaf5b263612');
INSERT INTO "tags" VALUES('depthgauge.recipe_digest','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','371298ba3f614303893fcdaf5b263612');
INSERT INTO "tags" VALUES('mlflow.source.name','depthgauge','371298ba3f614303893fcdaf5b263612');
INSERT INTO "tags" VALUES('depthgauge.source_dirty','unknown: no git commit','371298ba3f614303893fcdaf5b263612');
INSERT INTO "tags" VALUES('depthgauge.package.torch','2.13.0','371298ba3f614303893fcdaf5b263612');
INSERT INTO "tags" VALUES('mlflow.note.content','All 3 replicates of the fixed recipe, no hidden layer, a linear model, trained for 12 epochs. Curves and numbers are means over the replicates, each of which is a run below this one. `last/...`: after the last epoch; `validation/...`: for each replicate at the epoch of its least validation loss.','371298ba3f614303893fcdaf5b263612');
INSERT INTO "tags" VALUES('depthgauge.logging_digest','5bd5f7767e0c0f4b554bff1d1e73eef0af7761f1bdaac75a83b0f9ce90441278','371298ba3f614303893fcdaf5b263612');
INSERT INTO "tags" VALUES('depthgauge.origin','8368313523f7e94c','371298ba3f614303893fcdaf5b263612');
INSERT INTO "tags" VALUES('mlflow.runName','fixed depth 0','371298ba3f614303893fcdaf5b263612');
INSERT INTO "tags" VALUES('depthgauge.kind','replicate','4262909b040e459a84ed4d0dc0f6bdf1');
INSERT INTO "tags" VALUES('depthgauge.recipe','fixed','4262909b040e459a84ed4d0dc0f6bdf1');
INSERT INTO "tags" VALUES('depthgauge.axis','depth','4262909b040e459a84ed4d0dc0f6bdf1');
INSERT INTO "tags" VALUES('depthgauge.point','0','4262909b040e459a84ed4d0dc0f6bdf1');
INSERT INTO "tags" VALUES('depthgauge.seed','7','4262909b040e459a84ed4d0dc0f6bdf1');
INSERT INTO "tags" VALUES('depthgauge.replicate','0','4262909b040e459a84ed4d0dc0f6bdf1');
INSERT INTO "tags" VALUES('mlflow.parentRunId','371298ba3f614303893fcdaf5b263612','4262909b040e459a84ed4d0dc0f6bdf1');
INSERT INTO "tags" VALUES('mlflow.runName','replicate 0','4262909b040e459a84ed4d0dc0f6bdf1');
INSERT INTO "tags" VALUES('depthgauge.kind','replicate','113d305087524af696742129a8b00675');
INSERT INTO "tags" VALUES('depthgauge.recipe','fixed','113d305087524af696742129a8b00675');
INSERT INTO "tags" VALUES('depthgauge.axis','depth','113d305087524af696742129a8b00675');
INSERT INTO "tags" VALUES('depthgauge.point','0','113d305087524af696742129a8b00675');
INSERT INTO "tags" VALUES('depthgauge.seed','7','113d305087524af696742129a8b00675');
INSERT INTO "tags" VALUES('depthgauge.replicate','1','113d305087524af696742129a8b00675');
INSERT INTO "tags" VALUES('mlflow.parentRunId','371298ba3f614303893fcdaf5b263612','113d305087524af696742129a8b00675');
INSERT INTO "tags" VALUES('mlflow.runName','replicate 1','113d305087524af696742129a8b00675');
INSERT INTO "tags" VALUES('depthgauge.kind','replicate','d7f096daa9c64c888dbb83c9872a9f70');
INSERT INTO "tags" VALUES('depthgauge.recipe','fixed','d7f096daa9c64c888dbb83c9872a9f70');
INSERT INTO "tags" VALUES('depthgauge.axis','depth','d7f096daa9c64c888dbb83c9872a9f70');
INSERT INTO "tags" VALUES('depthgauge.point','0','d7f096daa9c64c888dbb83c9872a9f70');
INSERT INTO "tags" VALUES('depthgauge.seed','7','d7f096daa9c64c888dbb83c9872a9f70');
INSERT INTO "tags" VALUES('depthgauge.replicate','2','d7f096daa9c64c888dbb83c9872a9f70');
INSERT INTO "tags" VALUES('mlflow.parentRunId','371298ba3f614303893fcdaf5b263612','d7f096daa9c64c888dbb83c9872a9f70');
INSERT INTO "tags" VALUES('mlflow.runName','replicate 2','d7f096daa9c64c888dbb83c9872a9f70');
INSERT INTO "tags" VALUES('depthgauge.current','true','371298ba3f614303893fcdaf5b263612');
INSERT INTO "tags" VALUES('depthgauge.children','3','371298ba3f614303893fcdaf5b263612');
INSERT INTO "tags" VALUES('depthgauge.content_digest','5bd5f7767e0c0f4b554bff1d1e73eef0af7761f1bdaac75a83b0f9ce90441278','371298ba3f614303893fcdaf5b263612');
INSERT INTO "tags" VALUES('depthgauge.kind','point','2b44a73046774ec8ab3905ef8e3ab415');
INSERT INTO "tags" VALUES('depthgauge.inputs_digest','dca3d901d584e302d6c50f678e133e9e3e1633f77fe3a48a952d19c3204f9723','2b44a73046774ec8ab3905ef8e3ab415');
INSERT INTO "tags" VALUES('depthgauge.first_replicate','0','2b44a73046774ec8ab3905ef8e3ab415');
INSERT INTO "tags" VALUES('depthgauge.recipe','fixed','2b44a73046774ec8ab3905ef8e3ab415');
INSERT INTO "tags" VALUES('depthgauge.axis','depth','2b44a73046774ec8ab3905ef8e3ab415');
INSERT INTO "tags" VALUES('depthgauge.point','1','2b44a73046774ec8ab3905ef8e3ab415');
INSERT INTO "tags" VALUES('depthgauge.code_digest','ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff','2b44a73046774ec8ab3905ef8e3ab415');
INSERT INTO "tags" VALUES('depthgauge.data_digest','dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd','2b44a73046774ec8ab3905ef8e3ab415');
INSERT INTO "tags" VALUES('depthgauge.recipe_digest','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','2b44a73046774ec8ab3905ef8e3ab415');
INSERT INTO "tags" VALUES('mlflow.source.name','depthgauge','2b44a73046774ec8ab3905ef8e3ab415');
INSERT INTO "tags" VALUES('depthgauge.source_dirty','unknown: no git commit','2b44a73046774ec8ab3905ef8e3ab415');
INSERT INTO "tags" VALUES('depthgauge.package.torch','2.13.0','2b44a73046774ec8ab3905ef8e3ab415');
INSERT INTO "tags" VALUES('mlflow.note.content','All 3 replicates of the fixed recipe, 1 hidden layer, trained for 12 epochs. Curves and numbers are means over the replicates, each of which is a run below this one. `last/...`: after the last epoch; `validation/...`: for each replicate at the epoch of its least validation loss.','2b44a73046774ec8ab3905ef8e3ab415');
INSERT INTO "tags" VALUES('depthgauge.logging_digest','c9c55f5952706e999f09881ac8b8231719fa4c93eb151755728d54df21e5ce94','2b44a73046774ec8ab3905ef8e3ab415');
INSERT INTO "tags" VALUES('depthgauge.origin','8368313523f7e94c','2b44a73046774ec8ab3905ef8e3ab415');
INSERT INTO "tags" VALUES('mlflow.runName','fixed depth 1','2b44a73046774ec8ab3905ef8e3ab415');
INSERT INTO "tags" VALUES('depthgauge.kind','replicate','b9680298c8dc4cc581829a1c622d5558');
INSERT INTO "tags" VALUES('depthgauge.recipe','fixed','b9680298c8dc4cc581829a1c622d5558');
INSERT INTO "tags" VALUES('depthgauge.axis','depth','b9680298c8dc4cc581829a1c622d5558');
INSERT INTO "tags" VALUES('depthgauge.point','1','b9680298c8dc4cc581829a1c622d5558');
INSERT INTO "tags" VALUES('depthgauge.seed','7','b9680298c8dc4cc581829a1c622d5558');
INSERT INTO "tags" VALUES('depthgauge.replicate','0','b9680298c8dc4cc581829a1c622d5558');
INSERT INTO "tags" VALUES('mlflow.parentRunId','2b44a73046774ec8ab3905ef8e3ab415','b9680298c8dc4cc581829a1c622d5558');
INSERT INTO "tags" VALUES('mlflow.runName','replicate 0','b9680298c8dc4cc581829a1c622d5558');
INSERT INTO "tags" VALUES('depthgauge.unfinished','true','b9680298c8dc4cc581829a1c622d5558');
CREATE TABLE "trace_info" (
	request_id VARCHAR(50) NOT NULL, 
	experiment_id INTEGER NOT NULL, 
	timestamp_ms BIGINT NOT NULL, 
	execution_time_ms BIGINT, 
	status VARCHAR(50) NOT NULL, 
	client_request_id VARCHAR(50), 
	request_preview VARCHAR(1000), 
	response_preview VARCHAR(1000), 
	db_payload_generation INTEGER DEFAULT '0' NOT NULL, trace_name VARCHAR(4096), session_id VARCHAR(250), input_tokens BIGINT, output_tokens BIGINT, total_tokens BIGINT, cache_read_input_tokens BIGINT, cache_creation_input_tokens BIGINT, cache_creation_input_tokens_above_1hr BIGINT, input_cost FLOAT, output_cost FLOAT, total_cost FLOAT, 
	CONSTRAINT trace_info_pk PRIMARY KEY (request_id), 
	CONSTRAINT fk_trace_info_experiment_id FOREIGN KEY(experiment_id) REFERENCES experiments (experiment_id) ON DELETE CASCADE
);
CREATE TABLE trace_metrics (
	request_id VARCHAR(50) NOT NULL, 
	"key" VARCHAR(250) NOT NULL, 
	value FLOAT, 
	CONSTRAINT trace_metrics_pk PRIMARY KEY (request_id, "key"), 
	CONSTRAINT fk_trace_metrics_request_id FOREIGN KEY(request_id) REFERENCES trace_info (request_id) ON DELETE CASCADE
);
CREATE TABLE "trace_request_metadata" (
	"key" VARCHAR(250) NOT NULL, 
	value VARCHAR(8000), 
	request_id VARCHAR(50) NOT NULL, 
	CONSTRAINT trace_request_metadata_pk PRIMARY KEY ("key", request_id), 
	CONSTRAINT fk_trace_request_metadata_request_id FOREIGN KEY(request_id) REFERENCES trace_info (request_id) ON DELETE CASCADE
);
CREATE TABLE "trace_tags" (
	"key" VARCHAR(250) NOT NULL, 
	value VARCHAR(8000), 
	request_id VARCHAR(50) NOT NULL, 
	CONSTRAINT trace_tag_pk PRIMARY KEY ("key", request_id), 
	CONSTRAINT fk_trace_tags_request_id FOREIGN KEY(request_id) REFERENCES trace_info (request_id) ON DELETE CASCADE
);
CREATE TABLE webhook_events (
	webhook_id VARCHAR(256) NOT NULL, 
	entity VARCHAR(50) NOT NULL, 
	action VARCHAR(50) NOT NULL, 
	CONSTRAINT webhook_event_pk PRIMARY KEY (webhook_id, entity, action), 
	FOREIGN KEY(webhook_id) REFERENCES webhooks (webhook_id) ON DELETE cascade
);
CREATE TABLE "webhooks" (
	webhook_id VARCHAR(256) NOT NULL, 
	name VARCHAR(256) NOT NULL, 
	description VARCHAR(1000), 
	url VARCHAR(500) NOT NULL, 
	status VARCHAR(20) DEFAULT 'ACTIVE' NOT NULL, 
	secret VARCHAR(1000), 
	creation_timestamp BIGINT, 
	last_updated_timestamp BIGINT, 
	deleted_timestamp BIGINT, 
	workspace VARCHAR(63) DEFAULT 'default' NOT NULL, 
	CONSTRAINT webhook_pk PRIMARY KEY (webhook_id)
);
CREATE TABLE workspaces (
	name VARCHAR(63) NOT NULL, 
	description TEXT, 
	default_artifact_root TEXT, trace_archival_location TEXT, trace_archival_retention VARCHAR(32), 
	CONSTRAINT workspaces_pk PRIMARY KEY (name)
);
INSERT INTO "workspaces" VALUES('default','Default workspace for legacy resources',NULL,NULL,NULL);
CREATE INDEX index_metrics_run_uuid ON metrics (run_uuid);
CREATE INDEX index_latest_metrics_run_uuid ON latest_metrics (run_uuid);
CREATE INDEX index_inputs_destination_type_destination_id_source_type ON inputs (destination_type, destination_id, source_type);
CREATE INDEX index_inputs_input_uuid ON inputs (input_uuid);
CREATE INDEX index_params_run_uuid ON params (run_uuid);
CREATE INDEX index_trace_tags_request_id ON trace_tags (request_id);
CREATE INDEX index_trace_request_metadata_request_id ON trace_request_metadata (request_id);
CREATE INDEX index_tags_run_uuid ON tags (run_uuid);
CREATE INDEX index_datasets_experiment_id_dataset_source_type ON datasets (experiment_id, dataset_source_type);
CREATE INDEX index_datasets_dataset_uuid ON datasets (dataset_uuid);
CREATE INDEX index_logged_model_metrics_model_id ON logged_model_metrics (model_id);
CREATE INDEX index_entity_associations_association_id ON entity_associations (association_id);
CREATE INDEX index_entity_associations_reverse_lookup ON entity_associations (destination_type, destination_id, source_type, source_id);
CREATE INDEX idx_webhook_events_entity ON webhook_events (entity);
CREATE INDEX idx_webhook_events_action ON webhook_events (action);
CREATE INDEX idx_webhook_events_entity_action ON webhook_events (entity, action);
CREATE UNIQUE INDEX index_scorers_experiment_id_scorer_name ON scorers (experiment_id, scorer_name);
CREATE INDEX index_scorer_versions_scorer_id ON scorer_versions (scorer_id);
CREATE INDEX index_evaluation_dataset_tags_dataset_id ON evaluation_dataset_tags (dataset_id);
CREATE INDEX index_evaluation_dataset_records_dataset_id ON evaluation_dataset_records (dataset_id);
CREATE INDEX index_endpoint_model_mappings_endpoint_id ON endpoint_model_mappings (endpoint_id);
CREATE INDEX index_endpoint_model_mappings_model_definition_id ON endpoint_model_mappings (model_definition_id);
CREATE INDEX index_endpoint_tags_endpoint_id ON endpoint_tags (endpoint_id);
CREATE INDEX index_trace_metrics_request_id ON trace_metrics (request_id);
CREATE UNIQUE INDEX unique_endpoint_model_linkage_mapping ON endpoint_model_mappings (endpoint_id, model_definition_id, linkage_type);
CREATE INDEX index_span_metrics_trace_id_span_id ON span_metrics (trace_id, span_id);
CREATE INDEX index_evaluation_datasets_created_time ON evaluation_datasets (created_time);
CREATE INDEX index_evaluation_datasets_name ON evaluation_datasets (name);
CREATE INDEX idx_webhooks_name ON webhooks (name);
CREATE INDEX idx_webhooks_status ON webhooks (status);
CREATE TRIGGER prevent_secrets_aad_mutation
BEFORE UPDATE ON secrets
FOR EACH ROW
WHEN OLD.secret_id != NEW.secret_id OR OLD.secret_name != NEW.secret_name
BEGIN
    SELECT RAISE(ABORT, 'secret_id and secret_name are immutable (used as AAD in encryption)');
END;
CREATE INDEX index_model_definitions_secret_id ON model_definitions (secret_id);
CREATE INDEX index_model_definitions_provider ON model_definitions (provider);
CREATE INDEX index_jobs_name_status_creation_time ON jobs (job_name, workspace, status, creation_time);
CREATE INDEX idx_experiments_workspace ON experiments (workspace);
CREATE INDEX idx_registered_models_workspace ON registered_models (workspace);
CREATE INDEX idx_experiments_workspace_creation_time ON experiments (workspace, creation_time);
CREATE INDEX idx_evaluation_datasets_workspace ON evaluation_datasets (workspace);
CREATE INDEX idx_webhooks_workspace ON webhooks (workspace);
CREATE INDEX idx_secrets_workspace ON secrets (workspace);
CREATE INDEX idx_endpoints_workspace ON endpoints (workspace);
CREATE INDEX idx_model_definitions_workspace ON model_definitions (workspace);
CREATE INDEX idx_budget_policies_workspace ON budget_policies (workspace);
CREATE INDEX index_issues_experiment_id ON issues (experiment_id);
CREATE INDEX index_issues_source_run_id ON issues (source_run_id);
CREATE INDEX index_issues_status ON issues (status);
CREATE INDEX index_metrics_run_uuid_key_step ON metrics (run_uuid, "key", step);
CREATE INDEX idx_guardrails_workspace ON guardrails (workspace);
CREATE INDEX idx_guardrails_scorer ON guardrails (scorer_id, scorer_version);
CREATE INDEX idx_guardrail_configs_endpoint_id ON guardrail_configs (endpoint_id);
CREATE INDEX idx_guardrail_configs_guardrail_id ON guardrail_configs (guardrail_id);
CREATE INDEX idx_model_version_tags_workspace_name_version ON model_version_tags (workspace, name, version);
CREATE INDEX idx_registered_model_tags_workspace_name ON registered_model_tags (workspace, name);
CREATE INDEX index_label_schemas_experiment_id ON label_schemas (experiment_id);
CREATE INDEX index_review_queues_experiment_id ON review_queues (experiment_id);
CREATE INDEX index_review_queue_users_user_id ON review_queue_users (user_id);
CREATE INDEX index_review_queue_items_queue_id_status ON review_queue_items (queue_id, status);
CREATE INDEX index_review_queue_items_item_id ON review_queue_items (item_id);
CREATE INDEX index_review_queue_label_schemas_schema_id ON review_queue_label_schemas (schema_id);
CREATE INDEX idx_mcp_server_versions_latest ON mcp_server_versions (workspace, name, status, version_major DESC, version_minor DESC, version_patch DESC);
CREATE INDEX ix_mcp_access_endpoints_server_name ON mcp_access_endpoints (workspace, server_name);
CREATE INDEX ix_mcp_access_endpoints_version ON mcp_access_endpoints (workspace, server_name, server_version);
CREATE INDEX ix_mcp_access_endpoints_alias ON mcp_access_endpoints (workspace, server_name, server_alias);
CREATE INDEX idx_budget_policies_target_value ON budget_policies (target_value);
CREATE INDEX index_trace_info_experiment_id_timestamp_ms ON trace_info (experiment_id, timestamp_ms);
CREATE INDEX index_trace_info_timestamp_ms_request_id ON trace_info (timestamp_ms, request_id);
CREATE INDEX index_assessments_assessment_type ON assessments (assessment_type);
CREATE INDEX index_assessments_last_updated_timestamp ON assessments (last_updated_timestamp);
CREATE INDEX index_assessments_run_id_created_timestamp ON assessments (run_id, created_timestamp);
CREATE INDEX index_assessments_trace_id_created_timestamp ON assessments (trace_id, created_timestamp);
CREATE INDEX index_spans_experiment_id_type_status ON spans (experiment_id, type, status);
CREATE INDEX index_spans_experiment_id_duration ON spans (experiment_id, duration_ns);
CREATE INDEX index_spans_experiment_id_start_time ON spans (experiment_id, start_time_unix_nano);
CREATE INDEX index_spans_experiment_id_status_type ON spans (experiment_id, status, type);
CREATE INDEX index_trace_info_experiment_id_session_id ON trace_info (experiment_id, session_id);
CREATE INDEX idx_trace_rollups_lookup ON sql_trace_metric_daily_rollups (experiment_id, rollup_day, metric_name, grouping_set, trace_status);
CREATE INDEX idx_span_cost_rollups_lookup ON sql_span_cost_daily_rollups (experiment_id, rollup_day, metric_name, grouping_set, model_name, model_provider);
CREATE INDEX idx_assessment_rollups_lookup ON sql_assessment_daily_rollups (experiment_id, rollup_day, metric_name, grouping_set);
CREATE INDEX idx_spans_cost_trace_time_cover ON spans (trace_id, start_time_unix_nano);
CREATE INDEX idx_spans_cost_exp_time_cover ON spans (experiment_id, start_time_unix_nano);
CREATE INDEX idx_assessments_exp_trace_ts ON assessments (experiment_id, trace_timestamp_ms);
CREATE INDEX idx_assessments_exp_trace_ts_name ON assessments (experiment_id, trace_timestamp_ms, name);
CREATE INDEX idx_assessments_exp_name_valid ON assessments (experiment_id, name, valid);
CREATE INDEX index_job_locks_job_id ON job_locks (job_id);
CREATE INDEX index_jobs_status_lease_expires_at ON jobs (status, lease_expires_at);
COMMIT;
