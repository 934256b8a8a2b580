<#
.SYNOPSIS
Makes the videos of examples/prompts.csv on the sandbox and checks what came out. Called by build.ps1.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)]
    [string] $Destination
)

$ErrorActionPreference = 'Stop'
$examples = "$PSScriptRoot/../examples"

$ledger = "$Destination.ledger.jsonl"
if ([IO.Directory]::Exists($Destination)) {
    [IO.Directory]::Delete($Destination, $true)
}

# One that is not there is no error.
if ([IO.Directory]::Exists([IO.Path]::GetDirectoryName($ledger))) {
    [IO.File]::Delete($ledger)
}

Import-Module "$PSScriptRoot/../output/Chuizi.Video"
$sandbox = Start-ChuiziVideoSandbox -GenerationTime 2 -GenerationTimeMaximum 6
Write-Host "The sandbox answers at $($sandbox.BaseAddress): no account, no network, no cost. A video takes 2 to 6 seconds here."
try {
    & "$examples/batch.ps1" -Path "$examples/prompts.csv" -Destination $Destination -Ledger $ledger -Force
    $code = $LASTEXITCODE
    $page = Export-ChuiziVideoGallery -Path "$Destination/" -Ledger $ledger -Title 'Demo'
}
finally {
    Stop-ChuiziVideoSandbox
}

# The sandbox refuses prompts with this word; everything else has to be there, under its name, as an MP4.
$rows = @(Import-Csv -LiteralPath "$examples/prompts.csv")
$refused = $rows.Where({ $_.Prompt -match '\bforbidden\b' })
$files = [IO.Directory]::GetFiles($Destination, '*.mp4')
$wrong = @(
    foreach ($row in $rows.Where({ $_ -notin $refused -and $_.FileName })) {
        $name = [IO.Path]::ChangeExtension($row.FileName, '.mp4')
        if (-not [IO.File]::Exists("$Destination/$name")) {
            "$name is missing"
        }
    }

    foreach ($file in $files) {
        $bytes = [IO.File]::ReadAllBytes($file)
        if ([Text.Encoding]::ASCII.GetString($bytes, 4, 4) -ne 'ftyp') {
            "$file is no MP4"
        }
    }

    if ($files.Count -ne $rows.Count - $refused.Count) {
        "$($files.Count) files instead of $($rows.Count - $refused.Count)"
    }

    $shown = [regex]::Matches([IO.File]::ReadAllText($page.FullName), '<video ').Count
    if ($shown -ne $files.Count) {
        "$page plays $shown videos instead of $($files.Count)"
    }

    if ($code -ne 3) {
        "batch.ps1 ended with exit code $code instead of 3, which says that all is done and some videos failed"
    }
)

if ($wrong) {
    Write-Host "The demo failed: $($wrong -join '; ')."
    exit 1
}

Write-Host "The demo did what it should: $($files.Count) of $($rows.Count) videos are MP4 files in $Destination, and the $($refused.Count) that moderation refuses was reported and cost nothing."
Write-Host "To look at them, open $page"
