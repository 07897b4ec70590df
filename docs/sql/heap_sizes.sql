-- What more heap buys: for each size, medians over everything else. Of runs that failed there are no figures.
SELECT workload, parameters, heap, MIN(max_old_bytes) AS max_old_bytes, COUNT(*) AS cells,
    SUM(CASE WHEN status = 'passed' THEN 0 ELSE 1 END) AS failed,
    MEDIAN(throughput) AS per_second, MEDIAN(p99_pause_ns) AS p99_ns, MEDIAN(mutator_share) AS program_share
FROM 'cells.parquet'
GROUP BY workload, parameters, heap
ORDER BY workload, parameters, max_old_bytes, heap;
