# Functions and variables for all test files, which dot-source this file in BeforeAll.
$root = [IO.Path]::GetFullPath("$PSScriptRoot/../..")
$moduleFolder = "$root/output/Chuizi.Video"
$examples = "$root/examples"

# The tests must not use the key, address or ledger of the user.
$env:CHUIZI_API_KEY = $null
$env:CHUIZI_BASE_URL = $null
$env:CHUIZI_LEDGER = $null

Import-Module $moduleFolder -Force

# Returns the start information for this PowerShell. Installed as a .NET tool, it is a library that dotnet runs.
function New-PwshStart([string[]] $Arguments, [string] $Folder) {
    $start = [Diagnostics.ProcessStartInfo]::new([Environment]::ProcessPath)
    if ([IO.Path]::GetFileNameWithoutExtension($start.FileName) -eq 'dotnet') {
        $start.ArgumentList.Add("$PSHOME/pwsh.dll")
    }

    @('-NoProfile', '-NonInteractive') + $Arguments | ForEach-Object { $start.ArgumentList.Add($_) }
    $start.WorkingDirectory = $Folder
    $start.RedirectStandardOutput = $start.RedirectStandardError = $true
    $start
}

# Runs a command in a new pwsh process, and returns the lines of output, then of errors, and the exit code.
function Invoke-Pwsh([string] $Command, [string] $Folder = $PWD.ProviderPath, [hashtable] $Environment = @{}) {
    $start = New-PwshStart '-Command', "`$PSStyle.OutputRendering = 'PlainText'; $Command" $Folder
    Invoke-Start $start $Environment
}

# Runs a script file in a new pwsh process, as a scheduler does.
function Invoke-PwshFile([string] $File, [string] $Folder = $PWD.ProviderPath, [hashtable] $Environment = @{}) {
    Invoke-Start (New-PwshStart '-File', $File $Folder) ($Environment + @{ NO_COLOR = '1' })
}

function Invoke-Start([Diagnostics.ProcessStartInfo] $Start, [hashtable] $Environment) {
    $Environment.GetEnumerator() | ForEach-Object { $Start.Environment[$_.Key] = "$($_.Value)" }
    $process = [Diagnostics.Process]::Start($Start)
    $errors = $process.StandardError.ReadToEndAsync()
    $output = $process.StandardOutput.ReadToEnd()
    $process.WaitForExit()
    New-Run $output.TrimEnd() $errors.Result.TrimEnd() $process.ExitCode
}

# Runs a command in a new runspace of a pwsh process that all tests share, which saves the second that a process takes to start.
function Invoke-Console([string] $Command, [string] $Folder = $PWD.ProviderPath, [hashtable] $Environment = @{}) {
    if (-not $global:ChuiziConsole -or $global:ChuiziConsole.HasExited) {
        $start = New-PwshStart '-File', "$PSScriptRoot/Console.ps1" $root
        $start.RedirectStandardInput = $true
        $global:ChuiziConsole = [Diagnostics.Process]::Start($start)
    }

    $end = "end-$([guid]::NewGuid())"
    $Environment = $Environment.Clone()
    @($Environment.Keys) | ForEach-Object { $Environment[$_] = "$($Environment[$_])" }
    $script = "`$PSStyle.OutputRendering = 'PlainText'; $Command"
    $console = $global:ChuiziConsole
    $console.StandardInput.WriteLine((@{ Script = $script; Folder = $Folder; Environment = $Environment; End = $end } | ConvertTo-Json -Compress))
    $console.StandardInput.Flush()
    $lines = [Collections.Generic.List[string]]::new()
    while ($null -ne ($line = $console.StandardOutput.ReadLine()) -and -not $line.StartsWith($end)) {
        $lines.Add($line)
    }

    if ($null -eq $line) {
        throw "The console ended: $($lines -join "`n")$($console.StandardError.ReadToEnd())"
    }

    New-Run ($lines -join "`n") '' $line.Substring($end.Length)
}

function New-Run([string] $Output, [string] $Errors, [int] $Code) {
    $text = (@($Output, $Errors) -ne '') -join "`n"
    [pscustomobject]@{ Lines = @($text ? $text.Split("`n").TrimEnd("`r") : @()); Text = $text; Code = $Code }
}
