-- Percentiles of the pauses of each kind, of all seeds together, read off the buckets of the merged histograms,
-- which have the pauses of those runs that have passed.
WITH so_far AS (
    SELECT point, workload, config, heap, kind, to_ns,
        SUM(pauses) OVER (PARTITION BY point, kind ORDER BY to_ns ROWS UNBOUNDED PRECEDING) AS up_to,
        SUM(pauses) OVER (PARTITION BY point, kind) AS all_pauses
    FROM 'histograms.parquet'
)
SELECT workload, config, heap, kind, MAX(all_pauses) AS pauses,
    MIN(CASE WHEN up_to >= 0.50 * all_pauses THEN to_ns END) AS p50_ns,
    MIN(CASE WHEN up_to >= 0.90 * all_pauses THEN to_ns END) AS p90_ns,
    MIN(CASE WHEN up_to >= 0.99 * all_pauses THEN to_ns END) AS p99_ns,
    MAX(to_ns) AS longest_ns
FROM so_far
GROUP BY point, workload, config, heap, kind
ORDER BY workload, config, heap, kind, point;
