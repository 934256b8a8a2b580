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

Exit codes: 0 every row's video is saved; 1 the call was ended before any video came out (no file, no key, no money);
2 some videos are not saved, or, for a bad row, none was sent.

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

    # The ledger: <Path>.ledger.jsonl where none is given.
    [string] $Ledger = "$Path.ledger.jsonl",

    # The most that all runs with this ledger may spend, in USD. A column EstimatedCost says what the API names no price of.
    [Nullable[decimal]] $MaxCost,

    # Replaces files that exist.
    [switch] $Force
)

# One refused video is an error, and no reason to give up the others.
$ErrorActionPreference = 'Continue'

$list = $PSCmdlet.GetUnresolvedProviderPathFromPSPath($Path)
$folder = $PSCmdlet.GetUnresolvedProviderPathFromPSPath($Destination)
$submission = @{ Ledger = $PSCmdlet.GetUnresolvedProviderPathFromPSPath($Ledger) }
if ($null -ne $MaxCost) {
    $submission.MaxCost = $MaxCost
}

$rows = @()
$videos = @()
$end = $null

Push-Location -LiteralPath ([IO.Path]::GetDirectoryName($list))
try {
    $rows = @(Import-Csv -LiteralPath $list)

    # The table grows while videos finish. $videos keeps them too, whatever ends the pipeline.
    $rows |
        New-ChuiziVideo @submission |
        Wait-ChuiziVideo |
        Save-ChuiziVideo -Destination $folder -Force:$Force -OutVariable videos |
        Out-Host
}
catch {
    $end = $_
}
finally {
    Pop-Location
}

$saved = @($videos.Where({ $_.Path }))
$failed = @($videos.Where({ $_.Status -eq 'failed' }))
# Still being made, unknown, or not sent: for those last there may be no video at all.
$open = $rows.Count - $saved.Count - $failed.Count
[decimal] $cost = 0
foreach ($video in $videos) {
    # Not Measure-Object, which counts in floating point.
    $cost += $video.Cost
}

Write-Host ('{0} saved in {1}, {2} failed, {3} open, {4:$0.00##} in all' -f $saved.Count, $folder, $failed.Count, $open, $cost)
if ($end) {
    throw $end
}

exit ($saved.Count -eq 0 -or $saved.Count -lt $rows.Count ? 2 : 0)
