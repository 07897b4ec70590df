-- What it took to run the sweep, by machine and workload, and what it would take on one core. Cells that are the same run,
-- called otherwise, have a row each, and count once.
SELECT host, workload, clock, COUNT(*) AS cells, SUM(wall_run_ns) / 1e9 AS core_seconds, MAX(wall_run_ns) / 1e9 AS longest_cell_s
FROM (SELECT DISTINCT cell, host, workload, clock, wall_run_ns FROM 'wall_cells.parquet') AS runs
GROUP BY host, workload, clock
ORDER BY host, workload, clock;
