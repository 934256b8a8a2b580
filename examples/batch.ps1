#Requires -Version 7.4
#Requires -Modules Chuizi.Video

<#
.SYNOPSIS
Makes every video of a CSV file and saves the MP4 files in a folder. Run it again, and it does only what is missing.

.DESCRIPTION
Uses the connection there is: Connect-ChuiziVideo, CHUIZI_API_KEY, or a sandbox that runs in this session. Each row is billed, once:
a ledger beside the list records what was sent and saved, so that the script can be run again after an error, Ctrl+C or a crash.
A row that failed, or whose submission nobody knows of, is not sent again; docs/guides/money.md tells how to go on with those.
Paths of images in the file are relative to the file.

Where the work is to be shared, each run takes every Count-th row, and has a ledger of its own: -Index 0 -Count 4 does rows 1, 5, 9 and so on.
docs/guides/scale-out.md tells when that is worth it, docs/guides/runbooks.md how the script is run unattended.

Gives the summary that Save-ChuiziVideo makes. Exit codes: 0 every row's video is saved; 1 no video came out (no file, no key, no money, a
bad row); 2 another run may do what is left; 3 what is left needs somebody, such as videos that failed for good.

.EXAMPLE
Import-Module ./output/Chuizi.Video
./examples/batch.ps1 prompts.csv -Destination videos -MaxCost 20

.EXAMPLE
Import-Module ./output/Chuizi.Video
Start-ChuiziVideoSandbox
./examples/batch.ps1

The same offline and free, with the example's prompts. A ledger keeps each sandbox apart, so another one makes them all anew.
#>
[CmdletBinding()]
param(
    # The CSV file, with columns named like the parameters of New-ChuiziVideo.
    [Parameter(Position = 0)]
    [string] $Path = "$PSScriptRoot/prompts.csv",

    # The folder for the MP4 files; it is made where it is missing.
    [Parameter(Position = 1)]
    [string] $Destination = 'videos',

    # The ledger: <Path>.ledger.jsonl where none is given, or <Path>.ledger.<Index>-of-<Count>.jsonl.
    [string] $Ledger,

    # The most that all runs with this ledger may spend, in USD. A column EstimatedCost says what the API names no price of.
    [Nullable[decimal]] $MaxCost,

    # How long this run may take, in seconds or as 02:30:00. What is left then is the next run's. A day for the videos where none is given.
    $Deadline,

    # The part of the rows that this run does, counted from 0.
    [ValidateRange('NonNegative')]
    [int] $Index = 0,

    # How many parts there are. Keep it the same in every run: another number deals the rows out anew.
    [ValidateRange('Positive')]
    [int] $Count = 1,

    # Replaces files that exist.
    [switch] $Force,

    # Shows no table of the videos.
    [switch] $Quiet
)

# One refused video is an error, and no reason to give up the others.
$ErrorActionPreference = 'Continue'
# Where there is no console for progress bars, a line every 30 seconds tells how far it is.
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
# Of a long list a video may wait long until its turn comes to be asked for: the time is the run's, and no single video's.
$waiting = @{ Timeout = $Deadline ?? '1.00:00:00' }
if ($null -ne $MaxCost) {
    $submission.MaxCost = $MaxCost
}

if ($null -ne $Deadline) {
    # Whichever needs the time: sending, where the key may make few requests a minute, or waiting.
    $submission.Deadline = $Deadline
    $waiting.Deadline = $Deadline
}

$videos = @()

Push-Location -LiteralPath ([IO.Path]::GetDirectoryName($list))
try {
    $rows = @(Import-Csv -LiteralPath $list)
    # By the row's number, so that a row is in the same part in every run.
    $part = @(for ($row = $Index; $row -lt $rows.Count; $row += $Count) { $rows[$row] })
    if ($rows -and -not $part) {
        Write-Host "Part $Index of $Count has no rows."
        exit 0
    }

    # $videos keeps what comes, whatever ends the pipeline.
    $summary = $part |
        New-ChuiziVideo @submission |
        Wait-ChuiziVideo @waiting -OutVariable videos |
        Save-ChuiziVideo -Destination $folder -Force:$Force -Summary
}
catch {
    # By itself such an error ends the pipeline, and the script goes on.
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
