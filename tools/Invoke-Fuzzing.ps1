#Requires -Version 7.4

<#
.SYNOPSIS
Changes the inputs of the corpus until they reach new code, and looks for inputs that break a promise.

.DESCRIPTION
Needs afl-fuzz (on Debian: apt-get install afl++). One target runs on each processor at a time. The exit code is 1 if an input broke a
promise.

.PARAMETER Target
A target of tests/Fuzz, or all.

.PARAMETER Minutes
How long each target runs.

.PARAMETER Destination
The folder for the program and the results.

.PARAMETER Keep
Adds the smallest inputs that reach all code found so far to the corpus.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $Target,
    [Parameter(Mandatory)] [double] $Minutes,
    [Parameter(Mandatory)] [string] $Destination,
    [switch] $Keep
)

$ErrorActionPreference = 'Stop'
$project = Join-Path $PSScriptRoot ../tests/Fuzz | Resolve-Path
$corpus = Join-Path $project Corpus
$targets = $Target -eq 'all' ? (Get-ChildItem $corpus -Directory).Name : $Target
if ($missing = $targets | Where-Object { -not (Test-Path (Join-Path $corpus $_)) }) {
    throw "There is no target '$missing'. The targets are all, $((Get-ChildItem $corpus -Directory).Name -join ', ')."
}

if (-not (Get-Command afl-fuzz -ErrorAction Ignore)) {
    throw 'afl-fuzz was not found. On Debian, install it with: apt-get install afl++'
}

# An instrumented client cannot be instrumented again.
Remove-Item $Destination -Recurse -Force -ErrorAction Ignore
$program = Join-Path $Destination bin
dotnet publish $project --configuration Release --output $program --nologo --verbosity quiet '-p:RunAnalyzers=false'
if ($LASTEXITCODE) {
    throw "The program was not built (exit code $LASTEXITCODE)."
}

Push-Location $project
try {
    # Makes the client report which code an input reaches.
    dotnet tool restore | Out-Null
    dotnet sharpfuzz (Join-Path $program Chuizi.Video.Client.dll)
    if ($LASTEXITCODE) {
        throw "The client was not instrumented (exit code $LASTEXITCODE)."
    }
}
finally {
    Pop-Location
}

# The program is not a native one, and neither the processor's frequency nor its cores matter here.
$env:AFL_SKIP_BIN_CHECK = $env:AFL_SKIP_CPUFREQ = $env:AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES = $env:AFL_NO_AFFINITY = $env:AFL_NO_UI = '1'
$results = $targets | ForEach-Object -ThrottleLimit ([Environment]::ProcessorCount) -Parallel {
    $out = Join-Path $using:Destination $_
    $limits = '-t', '20000', '-m', 'none', '-V', [int] ($using:Minutes * 60)
    afl-fuzz -i (Join-Path $using:corpus $_) -o $out @limits -- dotnet (Join-Path $using:program Fuzz.dll) $_ *> "$out.log"
    $stats = Get-Content "$out/default/fuzzer_stats" -ErrorAction Ignore | ConvertFrom-StringData -Delimiter ':'
    $of = @{}
    $stats | ForEach-Object { $of += $_ }
    [pscustomobject]@{
        Target     = $_
        Minutes    = [Math]::Round([double] $of.run_time / 60, 1)
        Executions = [long] $of.execs_done
        Inputs     = [int] $of.corpus_count
        Crashes    = [int] $of.saved_crashes
        Hangs      = [int] $of.saved_hangs
        Ran        = [bool] $stats
    }
}
$results | Sort-Object Target | Format-Table Target, Minutes, Executions, Inputs, Crashes, Hangs | Out-String -Width 100 | Write-Host

if ($Keep) {
    foreach ($name in $targets) {
        $small = Join-Path $Destination "$name-small"
        afl-cmin -i "$Destination/$name/default/queue" -o $small -m none -- dotnet (Join-Path $program Fuzz.dll) $name *> "$small.log"
        Get-ChildItem $small -File | Where-Object Length -LE 2KB | ForEach-Object {
            Copy-Item $_ (Join-Path $corpus $name (Get-FileHash $_ -Algorithm SHA256).Hash.Substring(0, 12).ToLowerInvariant())
        }
    }
}

foreach ($input in Get-ChildItem "$Destination/*/default/crashes/id*", "$Destination/*/default/hangs/id*" -ErrorAction Ignore) {
    $name = $input.Directory.Parent.Parent.Name
    Write-Host "To repeat it: dotnet run --project tests/Fuzz --configuration Release -- $name '$input'"
}

foreach ($result in $results | Where-Object { -not $_.Ran }) {
    Write-Host "$($result.Target) did not run: see $Destination/$($result.Target).log"
}

exit [int] [bool] ($results | Where-Object { -not $_.Ran -or $_.Crashes -or $_.Hangs })
