<#
.SYNOPSIS
Generates the videos of examples/prompts.csv in the sandbox and checks the result. Called by build.ps1.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)]
    [string] $Destination
)

$ErrorActionPreference = 'Stop'
$examples = Join-Path $PSScriptRoot .. examples
$ledger = "$Destination.ledger.jsonl"
$log = "$Destination.log"
Remove-Item $Destination, $ledger, $log -Recurse -Force -ErrorAction Ignore
Import-Module (Join-Path $PSScriptRoot .. output Chuizi.Video)
$sandbox = Start-ChuiziVideoSandbox -GenerationTime 2 -GenerationTimeMaximum 6
Write-Host "The sandbox is running at $($sandbox.BaseAddress), offline and free. A video takes 2 to 6 seconds."
try {
    # The refused video is an error, which must not end the demo.
    Invoke-ChuiziVideoBatch "$examples/prompts.csv" $Destination -Ledger $ledger -LogPath $log -Force -ErrorAction Continue
    $code = $LASTEXITCODE
    Get-ChuiziVideo -Ledger $ledger | Sort-Object Row | Out-Host
    $page = Export-ChuiziVideoGallery -Path "$Destination/" -Ledger $ledger -Title 'Demo'
}
finally {
    Stop-ChuiziVideoSandbox
}

# The sandbox rejects prompts with the word "forbidden". Every other video must be saved as an MP4 file with the name in its row.
$rows = Import-Csv (Join-Path $examples prompts.csv)
$refused = @($rows | Where-Object Prompt -Match '\bforbidden\b')
$files = @(Get-ChildItem $Destination -Filter *.mp4)
$wrong = @(
    foreach ($row in $rows | Where-Object { $_ -notin $refused -and $_.FileName }) {
        $name = [IO.Path]::ChangeExtension($row.FileName, '.mp4')
        if ($name -notin $files.Name) {
            "$name is missing"
        }
    }

    foreach ($file in $files) {
        $bytes = Get-Content $file -AsByteStream -TotalCount 8
        if ([Text.Encoding]::ASCII.GetString($bytes, 4, 4) -ne 'ftyp') {
            "$file is not an MP4 file"
        }
    }

    if ($files.Count -ne $rows.Count - $refused.Count) {
        "$($files.Count) files instead of $($rows.Count - $refused.Count)"
    }

    $shown = [regex]::Matches((Get-Content $page -Raw), '<video ').Count
    if ($shown -ne $files.Count) {
        "$page plays $shown videos instead of $($files.Count)"
    }

    if ($code -ne 3) {
        "The batch ended with exit code $code instead of 3, which means that all rows are done and some videos failed"
    }
)

if ($wrong) {
    Write-Host "The demo failed: $($wrong -join '; ')."
    exit 1
}

Write-Host "The demo succeeded: $($files.Count) of $($rows.Count) videos are MP4 files in $Destination. Rejected by moderation, at no cost: $($refused.Count)."
Write-Host "To browse them, open $page"
