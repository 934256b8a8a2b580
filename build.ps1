#Requires -Version 7.4

<#
.SYNOPSIS
Builds, tests and packages the module.

.DESCRIPTION
Build    Builds the solution and checks its code style. The importable module is in output/Chuizi.Video.
Test     Builds the solution and runs all tests. The last line is the total.
Demo     Builds the module, then generates the videos of examples/prompts.csv and a gallery in the sandbox. The output is in out/demo.
Docs     Generates the help that Get-Help shows from the pages in docs/en-US.
Bench    Builds and runs the benchmarks, or only those that you name.
Soak     Builds and runs the fault campaign with the specified options, such as --batches 100 --seed 7.
Floor    Builds and runs the tests of the client on the oldest runtime that the module supports, .NET 8. It need not be installed.
Fuzz     Builds and runs each test with generated invalid input for 20 seconds, or for the specified number of seconds, and the tests with
         simulations and kills 25 times as often as Test. With the name of a target of tests/Fuzz, or all, it searches for minutes for
         inputs that reach new code: Fuzz replies 30. This needs afl-fuzz.
Mutate   Changes the rules about money, or the specified folders of the client, and checks that the tests notice each change.
Package  Builds the module and creates the package to publish in out/package.
Clean    Removes all output of the other tasks.

.PARAMETER Task
The task to run.

.PARAMETER Filter
Test: runs only the tests whose full name contains this text, and the Pester files whose file name contains it.

.PARAMETER Fast
Test: skips Pester and the tests that start a process or a browser (Speed=Slow) or take about 0.15 s or more (Speed=Medium).

.PARAMETER PesterVersion
Test: uses this version of Pester instead of the one in tests/Pester/Pester.csproj.

.PARAMETER Options
Arguments for Bench, Soak, Fuzz and Mutate, and for Floor those of the test program, such as -class Name.

.EXAMPLE
./build.ps1 Test -Fast

.EXAMPLE
./build.ps1 Test -Filter RunbookTests
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Demo', 'Docs', 'Bench', 'Soak', 'Floor', 'Fuzz', 'Mutate', 'Package', 'Clean')]
    [string] $Task = 'Build',

    [string] $Filter,

    [switch] $Fast,

    [string] $PesterVersion,

    [Parameter(Position = 1, ValueFromRemainingArguments)]
    [string[]] $Options = @()
)

$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $false

$configuration = 'Release'
$testProjects = 'Client.Tests', 'Module.Tests'

# Module tests set environment variables, so they run one at a time in a process. Four processes save time; FromS are the tests of commands
# from S on.
$moduleParts = [ordered]@{
    Campaigns = @('Campaigns')
    Docs      = 'Cmdlets', 'Completion', 'Docs', 'Package', 'Structure'
    FromS     = 'Commands.S', 'Commands.T', 'Commands.U', 'Commands.W'
}
$xunitSuites = @(
    @{ Name = 'Module.Tests'; Project = 'Module.Tests'; Filter = $moduleParts.Values.ForEach{ $_ }.ForEach{ '-class-', "*.Tests.$_*" } }
    foreach ($part in $moduleParts.Keys) {
        @{ Name = "Module.Tests.$part"; Project = 'Module.Tests'; Filter = $moduleParts[$part].ForEach{ '-class', "*.Tests.$_*" } }
    }

    @{ Name = 'Client.Tests'; Project = 'Client.Tests'; Filter = @() }
)
$solution = Join-Path $PSScriptRoot Chuizi.Video.sln
$module = Join-Path $PSScriptRoot output Chuizi.Video
$outFolder = Join-Path $PSScriptRoot out
$resultFolder = Join-Path $outFolder test-results
$runtime = [Runtime.InteropServices.RuntimeInformation]::RuntimeIdentifier
$compiledPowerShell = Join-Path $outFolder "powershell-$($PSVersionTable.PSVersion)-$runtime"

# Settings of the .NET runtime that save processor time here; the numbers are hexadecimal. Most code runs only once in the tests, so
# profile-guided optimization costs more than it saves. Memory that is never writable and executable at the same time makes each start and
# each compilation slower, and protects nothing here. Collecting garbage in the background does not pay in processes that live for seconds.
$runtimeSettings = @{ TieredPGO = '0'; EnableWriteXorExecute = '0'; gcConcurrent = '0' }

# Collect garbage once in 128 MiB: the compiler would spend a quarter of its time on that.
$buildSettings = @{ GCgen0size = '8000000' }

# Optimize a method after 512 calls, not 30, because most methods of a test are called a few dozen times; and only when nothing new has been
# compiled for this many milliseconds. Simulations gain from a short delay, and engines, which run a lot of code a few times, from a long one.
$simulationSettings = @{ TC_CallCountThreshold = '200'; TC_CallCountingDelayMs = '10' }
$engineSettings = @{ TC_CallCountThreshold = '200'; TC_CallCountingDelayMs = '1000' }

# Tests start child processes with this PowerShell. It must be the engine itself, not a shim, so that signals reach it.
$engine = [Environment]::ProcessPath
if ((Split-Path $engine -LeafBase) -eq 'dotnet') {
    $env:CHUIZI_TEST_PWSH = Join-Path $PSHOME pwsh.dll
    $powerShell = $engine, $env:CHUIZI_TEST_PWSH
}
else {
    $env:CHUIZI_TEST_PWSH = $engine
    $powerShell = @($engine)
}

function Invoke-DotNet {
    dotnet @args
    if ($LASTEXITCODE -ne 0) {
        throw "'dotnet $args' failed with exit code $LASTEXITCODE."
    }
}

function Invoke-Build([string] $Path) {
    Invoke-DotNet build (Join-Path $PSScriptRoot $Path) --configuration $configuration --nologo --verbosity quiet '-clp:NoSummary'
}

# Runs a script in a new process. A module imported in this session would lock its files, and the next build would fail.
function Invoke-ScriptProcess([string] $ScriptFile) {
    $program = $powerShell[0]
    $arguments = @($powerShell | Select-Object -Skip 1)
    & $program @arguments -NoProfile -NonInteractive -File (Join-Path $PSScriptRoot $ScriptFile) @args
}

# The .NET tool has PowerShell only as IL, unlike the installers. Each process that a test starts would compile it again, which takes one to
# three seconds of processor time. Starts the compilation of a copy, which runs beside the build.
function Start-Compilation {
    $intermediate = Join-Path $outFolder powershell-build
    "$compiledPowerShell.new", $intermediate | Where-Object { Test-Path $_ } | Remove-Item -Recurse -Force
    Copy-Item $PSHOME "$compiledPowerShell.new" -Recurse
    Start-Suite PowerShell @(
        'dotnet', 'publish', (Join-Path $PSScriptRoot tests CompiledPowerShell), '--configuration', $configuration, '--nologo'
        "-p:PowerShell=$PSHOME", '-p:OverwriteReadOnlyFiles=true', '-p:UseSharedCompilation=true'
        '--artifacts-path', $intermediate, '--output', "$compiledPowerShell.new"
    ) -Patience '0:10'
}

# Lets the tests use the compiled PowerShell, as a child process and as the engine that they host.
function Use-CompiledPowerShell {
    $script:powerShell = $engine, (Join-Path $compiledPowerShell pwsh.dll)
    $env:CHUIZI_TEST_PWSH = $script:powerShell[1]
    foreach ($copy in Get-ChildItem (Join-Path $PSScriptRoot tests * bin $configuration net10.0 runtimes * lib net10.0 *) -Filter *.dll) {
        $original = Join-Path $PSHOME $copy.Name
        if ((Test-Path $original) -and (Get-FileHash $original).Hash -eq (Get-FileHash $copy).Hash) {
            Copy-Item (Join-Path $compiledPowerShell $copy.Name) $copy
        }
    }
}

function New-SuiteResult([string] $Name, [int] $Passed, [int] $Failed, [int] $Skipped, [timespan] $Duration = 0, [string] $Problem) {
    [pscustomobject]@{ Name = $Name; Passed = $Passed; Failed = $Failed; Skipped = $Skipped; Duration = $Duration; Problem = $Problem }
}

# Starts the tests of a project, which is a program. 'dotnet test' is slower: it starts the program twice, first to list its tests.
function Start-XunitSuite([hashtable] $Suite) {
    $command = @(
        'dotnet', (Join-Path $PSScriptRoot tests $Suite.Project bin $configuration net10.0 "$($Suite.Project).dll"), '-noLogo', '-noColor'
        '-trx', (Join-Path $resultFolder "$($Suite.Name).trx")
        $Suite.Filter
        if ($Filter) {
            '-method', "*$Filter*"
        }

        if ($Fast) {
            '-trait-', 'Speed=Slow', '-trait-', 'Speed=Medium'
        }
    )
    Start-Suite $Suite.Name $command ($Suite.Project -eq 'Client.Tests' ? $simulationSettings : $engineSettings)
}

function Get-XunitResult([object] $Suite) {
    $name = $Suite.Name
    $file = Join-Path $resultFolder "$name.trx"
    $exitCode = $Suite.Process.ExitCode
    if (-not (Test-Path $file)) {
        return New-SuiteResult $name -Duration $Suite.Duration -Problem "$name wrote no results (exit code $exitCode)."
    }

    $run = ([xml] (Get-Content $file -Raw)).TestRun
    $total = [int] $run.ResultSummary.Counters.total
    $results = @($run.Results.UnitTestResult | Where-Object { $_ })
    $passed = @($results | Where-Object outcome -EQ Passed).Count
    $skipped = @($results | Where-Object outcome -EQ NotExecuted)
    $failed = $total - $passed - $skipped.Count
    foreach ($result in $skipped) {
        Write-Host "Skipped: $($result.testName): $($result.Output.StdOut)"
    }

    $problem = if ($exitCode -ne 0 -and $failed -eq 0) {
        "$name ended with exit code $exitCode, but none of its $total tests failed."
    }
    elseif ($total -eq 0 -and -not ($Filter -or $Fast)) {
        "$name has no tests."
    }

    New-SuiteResult $name $passed $failed $skipped.Count $Suite.Duration $problem
}

# The Pester files to run; none if Pester is skipped.
function Get-PesterFile {
    if ($Fast) {
        Write-Host 'Pester was left out because of -Fast.'
    }
    elseif ($files = Get-ChildItem (Join-Path $PSScriptRoot tests Pester) -Filter *.Tests.ps1 | Where-Object Name -Like "*$Filter*.Tests.ps1") {
        $files
    }
    else {
        Write-Host "Pester was left out: no file in tests/Pester has '$Filter' in its name."
    }
}

function Start-PesterSuite([string[]] $Path) {
    $command = $powerShell + @(
        '-NoProfile', '-NonInteractive', '-File', (Join-Path $PSScriptRoot tools Invoke-PesterTests.ps1)
        '-Path', ($Path -join ','), '-Result', (Join-Path $resultFolder pester.json)
    )
    Start-Suite Pester ($PesterVersion ? $command + @('-PesterVersion', $PesterVersion) : $command) $engineSettings
}

function Get-PesterResult([object] $Suite) {
    $file = Join-Path $resultFolder pester.json
    $exitCode = $Suite.Process.ExitCode
    if (-not (Test-Path $file)) {
        return New-SuiteResult Pester -Duration $Suite.Duration -Problem "Pester wrote no results (exit code $exitCode)."
    }

    $result = Get-Content $file -Raw | ConvertFrom-Json
    foreach ($note in $result.Notes) {
        Write-Host "Skipped: $note"
    }

    $problem = $exitCode -ne 0 -and $result.Failed -eq 0 ? "Pester ended with exit code $exitCode, but no test failed." : ''
    New-SuiteResult Pester $result.Passed $result.Failed $result.Skipped $Suite.Duration $problem
}

# Starts a process and redirects its output to a file. Wait-Suite shows the file.
function Start-Suite([string] $Name, [string[]] $Command, [hashtable] $Settings = @{}, [timespan] $Patience = '1:30') {
    $start = [Diagnostics.ProcessStartInfo]::new($Command[0])
    $start.RedirectStandardOutput = $true
    $start.RedirectStandardError = $true
    $start.WorkingDirectory = $PSScriptRoot
    $all = $runtimeSettings + $Settings
    $all.Keys | ForEach-Object { $start.Environment["DOTNET_$_"] = $all[$_] }

    $Command | Select-Object -Skip 1 | ForEach-Object { $start.ArgumentList.Add($_) }
    $file = Join-Path $resultFolder "$Name.log"
    # Synchronized, because output and errors are copied to it at the same time.
    $log = [IO.Stream]::Synchronized([IO.File]::Open($file, 'Create', 'Write', 'ReadWrite'))
    $process = [Diagnostics.Process]::Start($start)
    [pscustomobject]@{
        Name     = $Name
        Process  = $process
        Patience = $Patience
        Watch    = [Diagnostics.Stopwatch]::StartNew()
        Duration = [timespan]::Zero
        Log      = $log
        Copies   = $process.StandardOutput.BaseStream.CopyToAsync($log), $process.StandardError.BaseStream.CopyToAsync($log)
        Reader   = [IO.StreamReader]::new([IO.File]::Open($file, 'Open', 'Read', 'ReadWrite'))
    }
}

# Shows the output of the suites while they run, and returns when no more than AtMost of them still run. One that hangs is ended.
function Wait-Suite([object[]] $Suite, [int] $AtMost = 0) {
    do {
        Start-Sleep -Milliseconds 500
        $running = 0
        foreach ($one in $Suite) {
            if ($one.Watch.IsRunning -and $one.Process.HasExited) {
                [Threading.Tasks.Task]::WaitAll($one.Copies)
                $one.Log.Dispose()
                $one.Watch.Stop()
                $one.Duration = $one.Watch.Elapsed
            }

            elseif ($one.Watch.IsRunning -and $one.Watch.Elapsed -gt $one.Patience) {
                Write-Host "$($one.Name) is ended, because it has run for $($one.Patience.TotalMinutes) minutes."
                $one.Process.Kill($true)
            }

            $running += $one.Watch.IsRunning
            $text = $one.Reader.ReadToEnd()
            if ($text) {
                Write-Host $text -NoNewline
            }
        }
    } while ($running -gt $AtMost)
}

# Builds a project or the solution, and waits for what runs beside it. Returns whether it builds. Only the Build task checks the style,
# because that makes the build 50 % longer.
function Build-ForTest([string] $Path, [object[]] $Beside = @()) {
    # One compiler for all projects needs a third less time than one for each. It waits for more work when the build has ended, so it is
    # ended if the environment asks for none.
    $build = Start-Suite Build @(
        'dotnet', 'build', $Path, '--configuration', $configuration, '--nologo', '-p:RunAnalyzers=false', '-p:UseSharedCompilation=true'
    ) $buildSettings
    Wait-Suite (@($build) + $Beside)
    if ($env:UseSharedCompilation -eq 'false') {
        dotnet build-server shutdown --vbcscompiler | Out-Null
    }

    $build.Process.ExitCode -eq 0
}

function Invoke-AllTests {
    Remove-Item $resultFolder -Recurse -Force -ErrorAction Ignore
    $null = New-Item $resultFolder -ItemType Directory
    # A few tests do not repay the compilation. The project compiles for .NET 10, the runtime of PowerShell 7.6.
    $isTool = $powerShell.Count -gt 1 -and [Environment]::Version.Major -eq 10
    $compilation = @(
        if ($isTool -and -not ($Fast -or $Filter -or (Test-Path $compiledPowerShell))) {
            Start-Compilation
        }
    )
    $isBuilt = Build-ForTest $solution -Beside $compilation
    if ($compilation -and $compilation[0].Process.ExitCode -eq 0) {
        Move-Item "$compiledPowerShell.new" $compiledPowerShell
    }
    elseif ($compilation) {
        Write-Host 'PowerShell could not be compiled, so the tests take longer.'
    }

    if ($isTool -and (Test-Path $compiledPowerShell)) {
        Use-CompiledPowerShell
    }

    $suites = [Collections.Generic.List[object]]::new()
    $files = Get-PesterFile
    if ($isBuilt) {
        # The suites run in parallel, because most of them spend much of their time waiting. Client.Tests keep all processors busy. They start
        # when two others have ended: if they ended first, the processors would be idle while the rest waits.
        if ($files) {
            $suites.Add((Start-PesterSuite $files.FullName))
        }

        foreach ($xunit in $xunitSuites) {
            if ($xunit.Name -eq 'Client.Tests' -and -not $Filter) {
                Wait-Suite $suites -AtMost ($suites.Count - 2)
            }

            $suites.Add((Start-XunitSuite $xunit))
        }
    }
    else {
        # The projects that build are still tested, one after another.
        foreach ($xunit in $xunitSuites | Where-Object { Build-ForTest (Join-Path $PSScriptRoot tests $_.Project) }) {
            $suites.Add((Start-XunitSuite $xunit))
            Wait-Suite $suites
        }

        if ($files) {
            $suites.Add((Start-PesterSuite $files.FullName))
        }
    }

    Wait-Suite $suites
    foreach ($suite in $suites) {
        $suite.Name -eq 'Pester' ? (Get-PesterResult $suite) : (Get-XunitResult $suite)
    }

    if (-not $isBuilt) {
        New-SuiteResult Build -Problem 'The solution does not build.'
    }
}

# Writes one line for each suite, one for each problem, and the total as the last line.
function Write-TestSummary([object[]] $Suite) {
    Write-Host
    foreach ($result in $Suite) {
        Write-Host ('{0}: {1} passed, {2} failed, {3} skipped in {4:m\:ss}' -f $result.Name, $result.Passed, $result.Failed, $result.Skipped, $result.Duration)
    }

    foreach ($result in $Suite | Where-Object Problem) {
        Write-Host "FAILED: $($result.Problem)"
    }

    $sum = $Suite | Measure-Object Passed, Failed, Skipped -Sum
    Write-Host ('{0} passed, {1} failed, {2} skipped' -f $sum.Sum)
}

function Test-Suite([object[]] $Suite) {
    -not ($Suite | Where-Object { $_.Failed -gt 0 -or $_.Problem }) -and ($Suite | Measure-Object Passed -Sum).Sum -gt 0
}

switch ($Task) {
    'Build' {
        Invoke-DotNet build $solution --configuration $configuration --nologo
        Write-Host "The module is in $module"
    }

    'Test' {
        $suites = @(Invoke-AllTests)
        Write-TestSummary $suites
        exit ((Test-Suite $suites) ? 0 : 1)
    }

    'Demo' {
        Invoke-Build src/Chuizi.Video
        Invoke-ScriptProcess tools/Invoke-Demo.ps1 -Destination (Join-Path $outFolder demo)
        exit $LASTEXITCODE
    }

    'Docs' {
        $pages = Join-Path $PSScriptRoot docs en-US
        $help = Join-Path $PSScriptRoot src Chuizi.Video en-US
        foreach ($page in Get-ChildItem $pages -Filter about_*.md) {
            & (Join-Path $PSScriptRoot tools Help Update-AboutTopic.ps1) -Page $page.FullName -Destination "$help/$($page.BaseName).help.txt"
        }

        # In a separate process, because PlatyPS loads assemblies.
        Invoke-ScriptProcess tools/Help/Update-MamlHelp.ps1 -Pages $pages -Destination "$help/Chuizi.Video.dll-Help.xml"
        exit $LASTEXITCODE
    }

    { $_ -in 'Bench', 'Soak' } {
        $project = $Task -eq 'Bench' ? 'tests/Benchmarks' : 'tests/Soak'
        Invoke-Build $project
        dotnet run --no-build --configuration $configuration --project (Join-Path $PSScriptRoot $project) -- @Options
        exit $LASTEXITCODE
    }

    'Floor' {
        $floor = Join-Path $outFolder floor
        # Built in another folder, so that the output of the normal build stays up to date.
        $tests = Join-Path $PSScriptRoot tests Client.Tests
        Invoke-DotNet publish $tests --configuration $configuration --runtime $runtime --self-contained '-p:Floor=true' '-p:RunAnalyzers=false' --artifacts-path (Join-Path $floor build) --output (Join-Path $floor tests) --nologo
        # StandaloneTests starts the sandbox with the dotnet command, which cannot run a self-contained program.
        & (Join-Path $floor tests Client.Tests) -class- Chuizi.Video.Client.Tests.Sandbox.StandaloneTests @Options
        exit $LASTEXITCODE
    }

    { $_ -eq 'Fuzz' -and $Options.Count -gt 0 -and $Options[0] -notmatch '^[\d.]+$' } {
        $minutes = $Options.Count -gt 1 ? $Options[1] : 30
        $keep = $Options -contains 'keep'
        & (Join-Path $PSScriptRoot tools Invoke-Fuzzing.ps1) -Target $Options[0] -Minutes $minutes -Destination (Join-Path $outFolder fuzz) -Keep:$keep
        exit $LASTEXITCODE
    }

    'Fuzz' {
        Invoke-Build Chuizi.Video.sln
        # CsCheck tests each property for this many seconds, and reports the seed of a failure.
        $env:CsCheck_Time = $Options.Count -gt 0 ? $Options[0] : '20'
        $env:CHUIZI_TEST_REPEATS = '25'
        $exitCode = 0
        foreach ($project in $testProjects) {
            dotnet test (Join-Path $PSScriptRoot tests $project) --configuration $configuration --no-build --nologo --filter 'FullyQualifiedName~.BadInput.|Repeats=Many'
            $exitCode = $LASTEXITCODE -eq 0 ? $exitCode : 1
        }

        exit $exitCode
    }

    'Mutate' {
        & (Join-Path $PSScriptRoot tools Measure-Mutants.ps1) -Folder $Options -Destination (Join-Path $outFolder mutation)
        exit $LASTEXITCODE
    }

    'Package' {
        Invoke-Build src/Chuizi.Video
        $package = Join-Path $outFolder package
        & (Join-Path $PSScriptRoot tools New-Package.ps1) -Module $module -Destination $package
        Invoke-ScriptProcess tools/Invoke-ScriptAnalysis.ps1 -Path (Join-Path $package Chuizi.Video)
        exit $LASTEXITCODE
    }

    'Clean' {
        Write-Host 'Removing the build output'
        $projects = Get-ChildItem (Join-Path $PSScriptRoot src), (Join-Path $PSScriptRoot tests) -Filter *.csproj -Recurse
        $folders = @(Split-Path $module) + $outFolder + ($projects.DirectoryName | ForEach-Object { Join-Path $_ bin; Join-Path $_ obj })
        $folders | Where-Object { Test-Path $_ } | Remove-Item -Recurse -Force
    }
}
