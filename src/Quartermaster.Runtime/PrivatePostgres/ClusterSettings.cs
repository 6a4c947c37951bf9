using System.Globalization;

namespace Quartermaster.Runtime.PrivatePostgres;

/// <summary>How a private cluster is sized and whether it survives a power cut.</summary>
/// <remarks>The figures come from measurements on a two-core machine; see docs/decisions/0001-private-postgresql.md.</remarks>
public sealed record ClusterSettings
{
    public static readonly ClusterSettings Default = new();

    /// <summary>
    /// For tests: what a killed process leaves behind is still there, what a power cut leaves behind may not be.
    /// </summary>
    public static readonly ClusterSettings ForTests = new() { Durable = false, SharedBuffersMegabytes = 256, MaxConnections = 200 };

    public string Database { get; init; } = "quartermaster";

    public bool Durable { get; init; } = true;

    public int MaxConnections { get; init; } = 60;

    /// <summary>A quarter of the memory, at most 2 GB; more showed no gain over the page cache.</summary>
    public int SharedBuffersMegabytes { get; init; } = (int)Math.Clamp(MemoryMegabytes / 4, 64, 2048);

    private static long MemoryMegabytes => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1024 * 1024);

    internal string ToConfiguration(string socketFolder)
    {
        var onOff = Durable ? "on" : "off";
        var cache = Math.Max(MemoryMegabytes / 2, 128).ToString(CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"""
            # Written by Quartermaster at every start. Put your own settings into local.conf beside this file: they win.
            listen_addresses = ''
            unix_socket_directories = '{socketFolder.Replace("'", "''", StringComparison.Ordinal)}'
            unix_socket_permissions = 0700
            max_connections = {MaxConnections}
            timezone = 'UTC'
            log_timezone = 'UTC'

            fsync = {onOff}
            synchronous_commit = on
            full_page_writes = {onOff}
            # One node without replicas: nothing reads the log but recovery. Set these in local.conf to replicate.
            wal_level = minimal
            max_wal_senders = 0
            archive_mode = off
            max_logical_replication_workers = 0

            shared_buffers = {SharedBuffersMegabytes}MB
            effective_cache_size = {cache}MB
            work_mem = 16MB
            maintenance_work_mem = 256MB
            wal_compression = lz4
            wal_buffers = 16MB
            # Recovery replays about 190 MB/s, so 2 GB keep it under ten seconds or so.
            min_wal_size = 512MB
            max_wal_size = 2GB
            checkpoint_timeout = 15min
            checkpoint_completion_target = 0.9

            jit = off
            max_parallel_workers_per_gather = 0
            random_page_cost = 1.1

            # The queues live on quick vacuums.
            autovacuum_naptime = 5s
            autovacuum_max_workers = 3
            autovacuum_vacuum_cost_limit = 2000
            autovacuum_vacuum_cost_delay = 2ms

            idle_in_transaction_session_timeout = 30s
            deadlock_timeout = 200ms
            log_lock_waits = on
            log_autovacuum_min_duration = 2s
            log_line_prefix = '%m [%p] %a '
            """) + "\n";
    }
}
