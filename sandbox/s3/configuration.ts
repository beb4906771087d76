interface Place {
  folder: string
  fsid: string
  ports: { monitor: number; store: number; gateway: number }
}

/** Ceph's configuration for one machine, nothing on disk, and nobody who could ask but over S3. */
export const configuration = ({ folder, fsid, ports }: Place) => `[global]
fsid = ${fsid}
mon_host = v1:127.0.0.1:${ports.monitor}
mon_initial_members = a
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
osd_heartbeat_addr = 127.0.0.1
ms_bind_msgr2 = false
ms_bind_port_min = ${ports.store}
ms_bind_port_max = ${ports.store + 20}
auth_cluster_required = none
auth_service_required = none
auth_client_required = none
run_dir = ${folder}/run
pid_file = ${folder}/run/$type.$id.pid
admin_socket = ${folder}/run/$type.$id.asok
log_file = ${folder}/log/$type.$id.log
mon_data = ${folder}/mon
mon_data_avail_crit = 1
mon_data_avail_warn = 2
mon_allow_pool_size_one = true
osd_data = ${folder}/osd
osd_objectstore = memstore
memstore_device_bytes = 4294967296
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 4
osd_pool_default_pg_autoscale_mode = off
osd_crush_chooseleaf_type = 0
# Else it may be in the map before it has an id of its own.
osd_crush_update_on_start = false
osd_class_update_on_start = false
mon_max_pg_per_osd = 1000
# Else each of the gateway's pools takes a second.
paxos_propose_interval = 0.01
paxos_min_wait = 0.01
rgw_data = ${folder}/rgw
rgw_frontends = beast endpoint=127.0.0.1:${ports.gateway}
rgw_dns_name = localhost
rgw_gc_obj_min_wait = 1
rgw_gc_processor_period = 5
`
