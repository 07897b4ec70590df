-- The points that no other point of the same work is as good as in pauses, memory and throughput, and better in one.
-- Run it where `tenure sweep merge` has written its tables. The p99 pause is that of all seeds' pauses together, and 0
-- of a point without any pause, which has no row among the histograms. The page of the merge shows the same front.
WITH so_far AS (
    SELECT point, workload, parameters, config, heap, to_ns, pauses,
        SUM(pauses) OVER (PARTITION BY point ORDER BY to_ns ROWS UNBOUNDED PRECEDING) AS up_to,
        SUM(pauses) OVER (PARTITION BY point) AS all_pauses
    FROM 'histograms.parquet'
), p99 AS (
    SELECT point, MIN(to_ns) AS p99_ns FROM so_far WHERE up_to >= 0.99 * all_pauses GROUP BY point
), points AS (
    SELECT cells.point, workload, parameters, config, heap, settings, COALESCE(MAX(p99.p99_ns), 0) AS p99_ns,
        MAX(peak_total_bytes + peak_external_bytes) AS peak_bytes,
        SUM(CASE WHEN operation IS NULL THEN allocated_bytes ELSE operations END) / (SUM(elapsed_ns) / 1e9) AS per_second
    FROM 'cells.parquet' AS cells LEFT JOIN p99 ON cells.point = p99.point
    GROUP BY cells.point, workload, parameters, config, heap, settings
    HAVING MIN(status) = 'passed'
)
SELECT workload, parameters, config, heap, settings, p99_ns, peak_bytes, ROUND(per_second) AS per_second
FROM points AS one
WHERE NOT EXISTS (
    SELECT 1 FROM points AS other
    WHERE other.workload = one.workload AND other.parameters = one.parameters
        AND other.p99_ns <= one.p99_ns AND other.peak_bytes <= one.peak_bytes AND other.per_second >= one.per_second
        AND (other.p99_ns < one.p99_ns OR other.peak_bytes < one.peak_bytes OR other.per_second > one.per_second)
)
ORDER BY workload, parameters, peak_bytes, p99_ns, settings, config, heap;
