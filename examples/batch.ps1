#Requires -Version 7.4
#Requires -Modules Chuizi.Video

<#
.SYNOPSIS
Generates all videos of a CSV file and saves them as MP4 files in a folder. Run it again to complete the remaining rows.

.DESCRIPTION
The script uses the existing connection: Connect-ChuiziVideo, CHUIZI_API_KEY, or a sandbox in this session. Each row is billed once: a
ledger next to the list records what was submitted and saved, so you can run the script again after an error, Ctrl+C or a crash. A row
that failed, or whose outcome is unknown, is not re-submitted. docs/guides/money.md describes how to handle these rows. Image paths in the
list are relative to the list.

To split the list between several runs, each run processes every Count-th row and has its own ledger: -Index 0 -Count 4 processes the rows
1, 5, 9 and so on. See docs/guides/scale-out.md for when to do this, and docs/guides/runbooks.md for unattended runs.

The script emits the summary from Save-ChuiziVideo. Exit codes: 0 all videos are saved; 1 no video was emitted (no file, no key, no balance,
an invalid row); 2 another run can complete the remaining rows; 3 the remaining rows need attention, for example videos that failed.

.EXAMPLE
Import-Module ./output/Chuizi.Video
./examples/batch.ps1 prompts.csv -Destination videos -MaxCost 20

.EXAMPLE
Import-Module ./output/Chuizi.Video
Start-ChuiziVideoSandbox
./examples/batch.ps1

Generates the videos of the example list offline and free. A ledger treats every sandbox as a different API, so a new sandbox generates all
videos again.
#>
[CmdletBinding()]
param(
    # The CSV file, with columns named like the parameters of New-ChuiziVideo.
    [Parameter(Position = 0)]
    [string] $Path = "$PSScriptRoot/prompts.csv",

    # The folder for the MP4 files. It is created if it does not exist.
    [Parameter(Position = 1)]
    [string] $Destination = 'videos',

    # The ledger. The default is <Path>.ledger.jsonl, or <Path>.ledger.<Index>-of-<Count>.jsonl if Count is more than 1.
    [string] $Ledger,

    # The spending limit in USD for all runs with this ledger. For models without an API price, add a column EstimatedCost to the list.
    [Nullable[decimal]] $MaxCost,

    # How long this run may take: seconds, or a time span such as 02:30:00. The next run completes the remaining rows. If omitted, all rows
    # are submitted, and the wait for each video ends after a day.
    $Deadline,

    # The part of the list that this run processes, starting at 0.
    [ValidateRange('NonNegative')]
    [int] $Index = 0,

    # The number of parts. Use the same number in every run; another number distributes the rows differently.
    [ValidateRange('Positive')]
    [int] $Count = 1,

    # Replaces files that exist.
    [switch] $Force,

    # Does not show the table of videos.
    [switch] $Quiet
)

# A failed video is an error, but must not stop the others.
$ErrorActionPreference = 'Continue'
# Without a console for progress bars, show a line with the progress every 30 seconds.
if (-not $PSBoundParameters.ContainsKey('InformationAction')) {
    $InformationPreference = 'Continue'
}

if ($Index -ge $Count) {
    throw "There is no part $Index of $Count; they are counted from 0."
}

if (-not $Ledger) {
    $Ledger = $Count -eq 1 ? "$Path.ledger.jsonl" : "$Path.ledger.$Index-of-$Count.jsonl"
}

$list = $PSCmdlet.GetUnresolvedProviderPathFromPSPath($Path)
$folder = $PSCmdlet.GetUnresolvedProviderPathFromPSPath($Destination)
$submission = @{ Ledger = $PSCmdlet.GetUnresolvedProviderPathFromPSPath($Ledger) }
# In a long list, a video may have to wait long for its first poll. So the time limit is for the run, not for a single video.
$waiting = @{ Timeout = $Deadline ?? '1.00:00:00' }
if ($null -ne $MaxCost) {
    $submission.MaxCost = $MaxCost
}

if ($null -ne $Deadline) {
    # Limits both submitting, which takes long if the key has a low request limit, and waiting.
    $submission.Deadline = $Deadline
    $waiting.Deadline = $Deadline
}

$videos = @()

Push-Location -LiteralPath ([IO.Path]::GetDirectoryName($list))
try {
    $rows = @(Import-Csv -LiteralPath $list)
    # Select by row number, so that a row is in the same part in every run.
    $part = @(for ($row = $Index; $row -lt $rows.Count; $row += $Count) { $rows[$row] })
    if ($rows -and -not $part) {
        Write-Host "Part $Index of $Count has no rows."
        exit 0
    }

    # $videos keeps the videos, however the pipeline ends.
    $summary = $part |
        New-ChuiziVideo @submission |
        Wait-ChuiziVideo @waiting -OutVariable videos |
        Save-ChuiziVideo -Destination $folder -Force:$Force -Summary
}
catch {
    # Without this, a terminating error would end only the pipeline, and the script would continue.
    throw
}
finally {
    Pop-Location
    if (-not $Quiet) {
        $videos | Out-Host
    }
}

$summary
exit $summary.ExitCode
