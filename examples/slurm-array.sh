#!/bin/bash
# Processes prompts.csv with four Slurm tasks that share one ledger. See docs/guides/scale-out.md.
#
#   export CHUIZI_API_KEY LEDGER
#   sbatch --chdir=/srv/videos slurm-array.sh
#
# LEDGER is https://<account>.blob.core.windows.net/<container>/run.jsonl?<SAS>. The array only sets the number of tasks: no task uses its
# index.
#SBATCH --array=1-4
#SBATCH --ntasks=1
#SBATCH --mem=2G
#SBATCH --time=01:00:00
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=slurm-%a.out

pwsh -NoProfile -NonInteractive -File batch.ps1 prompts.csv videos -Ledger "$LEDGER" -Deadline 00:50:00 -Quiet
code=$?

# 2: rows remain. More than 128: the process was killed. Otherwise the list is done, or its remaining rows need attention.
if [ "$code" -eq 2 ] || [ "$code" -gt 128 ]; then
    scontrol requeue "$SLURM_JOB_ID"
fi

exit "$code"
