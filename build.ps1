#Requires -Version 7.4

<#
.SYNOPSIS
Builds, tests and shows the module. Runs in pwsh and, where there is none, in tools/EngineHost (build.sh finds out which).

.DESCRIPTION
Build   the solution; the importable module lands in output/Chuizi.Video.
Test    builds, then runs every test there is; the last line counts them.
Demo    builds the module, then makes the videos of examples/prompts.csv on the sandbox, and their page, into out/demo.
Docs    makes what Get-Help shows, in src/Chuizi.Video/en-US, from the pages in docs/en-US.
Bench   builds, then measures, for some minutes; the names of benchmarks after it run those alone.
Soak    builds, then runs the fault campaign; its options follow, such as --batches 100 --seed 7.
Fuzz    builds, then runs the tests of bad input for longer: so many seconds each (20).
Package builds the module, then makes what is published of it, in out/package.
Clean   removes everything that the other tasks make.

The engine host has few commands, so this script gets along with those of PowerShell's core, Write-Host and .NET.
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Demo', 'Docs', 'Bench', 'Soak', 'Fuzz', 'Package', 'Clean')]
    [string] $Task = 'Build',

    # What Bench, Soak and Fuzz take after their names.
    [Parameter(Position = 1, ValueFromRemainingArguments)]
    [string[]] $Options = @()
)

$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $false

$configuration = 'Release'
$testProjects = 'Client.Tests', 'Module.Tests'
$outFolder = "$PSScriptRoot/out"
$resultFolder = "$outFolder/test-results"

# Written by the test runners' functions; a function that returned them would take the runner's output off the console.
$script:passed = 0
$script:failed = 0
$script:skipped = 0
$script:problems = [Collections.Generic.List[string]]::new()

function Invoke-DotNet {
    & dotnet @args
    if ($LASTEXITCODE -ne 0) {
        throw "dotnet $($args[0]) ended with exit code $LASTEXITCODE."
    }
}

# How to run a script in a fresh engine of the kind that runs this one: a module that is loaded here could not be built again.
function Get-Engine {
    $process = [Environment]::ProcessPath
    $process
    if ([IO.Path]::GetFileNameWithoutExtension($process) -eq 'dotnet') {
        [Environment]::GetCommandLineArgs()[0]
    }

    '-NoProfile', '-NonInteractive', '-File'
}

# The same for pwsh alone; nothing where there is none. build.sh has turned down those that are too old.
function Get-PwshEngine {
    if ([IO.File]::Exists("$PSHOME/pwsh.dll")) {
        Get-Engine
    }
    elseif ($pwsh = Get-Command pwsh -CommandType Application -TotalCount 1 -ErrorAction Ignore) {
        if ($pwsh.Version -ge [version] '7.4' -or (& $pwsh.Source -NoProfile -Command '$PSVersionTable.PSVersion -ge [version]"7.4"') -eq 'True') {
            $pwsh.Source, '-NoProfile', '-NonInteractive', '-File'
        }
    }
}

function Invoke-XunitTest([string] $Name, [string[]] $Built) {
    $file = "$resultFolder/$Name.trx"
    & dotnet test "$PSScriptRoot/tests/$Name" --configuration $configuration @Built --nologo --results-directory $resultFolder `
        --logger "trx;LogFileName=$Name.trx" --blame-hang-timeout 3m --blame-hang-dump-type none
    $code = $LASTEXITCODE
    if (-not [IO.File]::Exists($file)) {
        $script:problems.Add("$Name gave no results (exit code $code).")
        return
    }

    $trx = [xml] [IO.File]::ReadAllText($file)
    $total = [int] $trx.TestRun.ResultSummary.Counters.total
    $results = @($trx.TestRun.Results.UnitTestResult).Where({ $_ })
    $good = $results.Where({ $_.outcome -eq 'Passed' })
    $idle = $results.Where({ $_.outcome -eq 'NotExecuted' })
    $bad = $total - $good.Count - $idle.Count
    $script:passed += $good.Count
    $script:skipped += $idle.Count
    $script:failed += $bad
    foreach ($result in $idle) {
        Write-Host "Skipped: $($result.testName): $($result.Output.ErrorInfo.Message)"
    }

    if ($code -ne 0 -and $bad -eq 0) {
        $script:problems.Add("$Name ended with exit code $code, though none of its $total results is a failure.")
    }
    elseif ($total -eq 0) {
        $script:problems.Add("$Name has no tests.")
    }
}

function Invoke-PesterTest {
    $engine = @(Get-PwshEngine)
    if ($engine.Count -eq 0) {
        Write-Host 'Pester was not run: there is no PowerShell 7.4 or later (pwsh) here.'
        return
    }

    $file = "$resultFolder/pester.txt"
    $command, $rest = $engine
    & $command @rest "$PSScriptRoot/tools/Invoke-PesterTests.ps1" -Path "$PSScriptRoot/tests/Pester" -Result $file
    $code = $LASTEXITCODE
    if (-not [IO.File]::Exists($file)) {
        $script:problems.Add("Pester gave no results (exit code $code).")
        return
    }

    # One line: the counts, or why it was not run. Then what was skipped.
    $counts, $notes = [IO.File]::ReadAllLines($file)
    if ($counts -notmatch '^(\d+) (\d+) (\d+)$') {
        Write-Host "Pester was not run: $counts"
        return
    }

    $script:passed += [int] $Matches[1]
    $script:failed += [int] $Matches[2]
    $script:skipped += [int] $Matches[3]
    foreach ($note in $notes) {
        Write-Host "Skipped: $note"
    }

    if ($code -ne 0 -and $Matches[2] -eq '0') {
        $script:problems.Add("Pester ended with exit code $code, though no test failed.")
    }
}

switch ($Task) {
    'Build' {
        Invoke-DotNet build "$PSScriptRoot/Chuizi.Video.sln" --configuration $configuration --nologo
        Write-Host "The module is in $PSScriptRoot/output/Chuizi.Video"
    }

    'Test' {
        if ([IO.Directory]::Exists($resultFolder)) {
            [IO.Directory]::Delete($resultFolder, $true)
        }

        $null = [IO.Directory]::CreateDirectory($resultFolder)
        $built = @('--no-build')
        & dotnet build "$PSScriptRoot/Chuizi.Video.sln" --configuration $configuration --nologo
        if ($LASTEXITCODE -ne 0) {
            # What can be built is tested all the same.
            $problems.Add('The solution does not build.')
            $built = @()
        }

        foreach ($project in $testProjects) {
            Invoke-XunitTest $project $built
        }

        Invoke-PesterTest
        foreach ($problem in $problems) {
            Write-Host "FAILED: $problem"
        }

        Write-Host "$passed passed, $failed failed, $skipped skipped"
        exit ($failed -gt 0 -or $problems.Count -gt 0 -or $passed -eq 0 ? 1 : 0)
    }

    'Demo' {
        Invoke-DotNet build "$PSScriptRoot/src/Chuizi.Video" --configuration $configuration --nologo --verbosity quiet '-clp:NoSummary'
        $command, $rest = Get-Engine
        & $command @rest "$PSScriptRoot/tools/Invoke-Demo.ps1" -Destination "$outFolder/demo"
        exit $LASTEXITCODE
    }

    'Docs' {
        $pages = "$PSScriptRoot/docs/en-US"
        $help = "$PSScriptRoot/src/Chuizi.Video/en-US"
        & "$PSScriptRoot/tools/Help/Update-AboutTopic.ps1" -Page "$pages/about_Chuizi_Video.md" -Destination "$help/about_Chuizi_Video.help.txt"

        # In a process of its own, since PlatyPS brings assemblies along.
        $engine = @(Get-PwshEngine)
        if ($engine.Count -eq 0) {
            Write-Host 'The MAML help was not made: it needs PowerShell 7.4 or later (pwsh) with the module Microsoft.PowerShell.PlatyPS.'
        }
        else {
            $command, $rest = $engine
            & $command @rest "$PSScriptRoot/tools/Help/Update-MamlHelp.ps1" -Pages $pages -Destination "$help/Chuizi.Video.dll-Help.xml"
            exit $LASTEXITCODE
        }
    }

    { $_ -in 'Bench', 'Soak' } {
        $program = $Task -eq 'Bench' ? 'Benchmarks' : 'Soak'
        Invoke-DotNet build "$PSScriptRoot/tests/$program" --configuration $configuration --nologo --verbosity quiet '-clp:NoSummary'
        & dotnet run --no-build --configuration $configuration --project "$PSScriptRoot/tests/$program" -- @Options
        exit $LASTEXITCODE
    }

    'Fuzz' {
        Invoke-DotNet build "$PSScriptRoot/Chuizi.Video.sln" --configuration $configuration --nologo --verbosity quiet '-clp:NoSummary'
        # How long each property is tried: CsCheck reads it, and tells the seed of what fails.
        $env:CsCheck_Time = $Options.Count -gt 0 ? $Options[0] : '20'
        $failures = 0
        foreach ($project in $testProjects) {
            & dotnet test "$PSScriptRoot/tests/$project" --configuration $configuration --no-build --nologo --filter 'FullyQualifiedName~.BadInput.'
            $failures += $LASTEXITCODE -ne 0
        }

        exit ($failures -gt 0 ? 1 : 0)
    }

    'Package' {
        Invoke-DotNet build "$PSScriptRoot/src/Chuizi.Video" --configuration $configuration --nologo --verbosity quiet '-clp:NoSummary'
        & "$PSScriptRoot/tools/New-Package.ps1" -Module "$PSScriptRoot/output/Chuizi.Video" -Destination "$outFolder/package"
        $engine = @(Get-PwshEngine)
        if ($engine.Count -eq 0) {
            Write-Host 'PSScriptAnalyzer was not run: there is no PowerShell 7.4 or later (pwsh) here.'
        }
        else {
            $command, $rest = $engine
            & $command @rest "$PSScriptRoot/tools/Invoke-ScriptAnalysis.ps1" -Path "$outFolder/package/Chuizi.Video"
            exit $LASTEXITCODE
        }
    }

    'Clean' {
        $folders = @("$PSScriptRoot/output", $outFolder)
        foreach ($room in 'src', 'tests', 'tools') {
            foreach ($project in [IO.Directory]::GetFiles("$PSScriptRoot/$room", '*.csproj', 'AllDirectories')) {
                $folder = [IO.Path]::GetDirectoryName($project)
                $folders += "$folder/bin", "$folder/obj"
            }
        }

        # The engine host may be running this: its own files go last, and on Windows, where they are in use, not at all.
        $own = [IO.Path]::GetFullPath("$PSScriptRoot/tools/EngineHost/bin")
        $isOwn = [AppContext]::BaseDirectory.StartsWith($own, [StringComparison]::Ordinal)
        $last = $folders.Where({ $isOwn -and [IO.Path]::GetFullPath($_) -eq $own })
        Write-Host 'Removing what was built'
        foreach ($folder in $folders.Where({ $_ -notin $last }) + ($IsWindows ? @() : $last)) {
            if ([IO.Directory]::Exists($folder)) {
                [IO.Directory]::Delete($folder, $true)
            }
        }
    }
}
