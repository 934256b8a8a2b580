BeforeAll {
    . "$PSScriptRoot/Support.ps1"

    # Runs the examples of the guide in a folder with the files of a clone.
    $guide = [IO.File]::ReadAllText("$root/docs/guides/scale-out.md").ReplaceLineEndings("`n")
    $section = [regex]::Match($guide, '(?ms)\A(?<local>.*?)^## Hosts over SSH').Groups['local'].Value
    $blocks = [regex]::Matches($section, '(?ms)^```(?<language>powershell|sh)\n(?<code>.*?)^```$') | ForEach-Object {
        [pscustomobject]@{ Language = $_.Groups['language'].Value; Code = $_.Groups['code'].Value }
    }
    $scripts = @($blocks.Where({ $_.Language -eq 'powershell' }).Code)
    $desk = [IO.Directory]::CreateTempSubdirectory('chuizi-scale-').FullName
    Copy-Item $examples, "$root/output" $desk -Recurse
    $reader = [powershell]::Create([initialsessionstate]::CreateDefault2())

    # Runs a script in that folder, and returns its output. It must write neither errors nor warnings.
    function Invoke-Reader([string] $Script) {
        $reader.Commands.Clear()
        $reader.Streams.ClearStreams()
        $reader.AddScript($Script).Invoke()
        "$($reader.Streams.Error)$($reader.Streams.Warning)" | Should -BeNullOrEmpty
    }

    # Writes a program that shell scripts find on the path.
    function New-Program([string] $Name, [string] $Code) {
        Set-Content "$desk/bin/$Name" "#!/bin/sh`n$Code"
        chmod +x "$desk/bin/$Name"
    }

    # Runs a shell script in that folder, with the module installed.
    function Invoke-Shell([string] $File, [hashtable] $Environment = @{}) {
        $start = [Diagnostics.ProcessStartInfo]::new('bash', [string[]] @($File))
        $start.WorkingDirectory = $desk
        $start.RedirectStandardOutput = $start.RedirectStandardError = $true
        Invoke-Start $start ($Environment + @{ PATH = "$desk/bin:$env:PATH"; PSModulePath = "$root/output" })
    }

    # Runs an example of the guide for a shell, on a new list, and checks that the rows are submitted once.
    function Test-ShellExample([string] $Containing, [int] $Workers) {
        $code = @($blocks.Where({ $_.Language -eq 'sh' -and $_.Code -match $Containing }).Code)
        $code | Should -HaveCount 1
        New-List $Containing
        Set-Content "$desk/example.sh" $code[0]
        $before = Invoke-Reader $balance
        $run = Invoke-Shell "$desk/example.sh"
        $run.Code | Should -Be 0 -Because $run.Text
        $run.Lines -match '^Saved +: 4' | Should -HaveCount $Workers
        $before - (Invoke-Reader $balance)[0] | Should -Be (4 * 0.12)
    }

    function New-List([string] $Name) {
        Remove-Item "$desk/prompts.csv*", "$desk/videos" -Recurse -ErrorAction Ignore
        1..4 | ForEach-Object { [pscustomobject]@{ Prompt = "$Name $_"; Duration = 4 } } | Export-Csv "$desk/prompts.csv"
    }

    $balance = '(Get-ChuiziVideoAccount).Balance'
    Invoke-Reader "Set-Location '$desk'; `$PSDefaultParameterValues = @{ 'Start-ChuiziVideoSandbox:GenerationTime' = 0 }"
    if (-not $IsWindows) {
        $null = New-Item "$desk/bin" -ItemType Directory
        $library = [IO.Path]::GetFileNameWithoutExtension([Environment]::ProcessPath) -eq 'dotnet' ? "'$PSHOME/pwsh.dll'" : ''
        New-Program pwsh "exec '$([Environment]::ProcessPath)' $library `"`$@`""
    }
}

AfterAll {
    $env:CHUIZI_API_KEY = $null
    $env:CHUIZI_BASE_URL = $null
    $reader.Commands.Clear()
    $null = $reader.AddScript('Stop-ChuiziVideoSandbox').Invoke()
    $reader.Dispose()
    Remove-Item $desk -Recurse -Force -ErrorAction Ignore
}

Describe 'docs/guides/scale-out.md, on this machine' {
    It 'shares a list between jobs' {
        $scripts | Should -HaveCount 3
        $null = Invoke-Reader $scripts[0]
        $null = Invoke-Reader $scripts[1]
        $results = Invoke-Reader '$results'
        $results.Total | Should -Be 6, 6
        $results.Saved | Should -Be 6, 6
        $results.ExitCode | Should -Be 0, 0
        (Get-ChildItem "$desk/videos").Count | Should -Be 6
        Invoke-Reader $balance | Should -Be (10000 - 6 * 0.12)
    }

    It 'shares a list between background processes' -Skip:$IsWindows {
        Test-ShellExample '-Quiet &' 3
    }

    It 'shares a list between processes of xargs' -Skip:$IsWindows {
        Test-ShellExample 'xargs' 3
    }

    It 'shares a list between transient systemd units' -Skip:$IsWindows {
        # There is no service manager in the tests, so that this one runs the command at once.
        New-Program systemd-run 'while [ "$1" != pwsh ]; do shift; done; exec "$@"'
        Test-ShellExample 'systemd-run' 3
    }

    It 'shares a list between tasks of Slurm, and puts a task back into the queue that is not done' -Skip:$IsWindows {
        New-Program scontrol 'echo "$@" >> requeued'
        New-List slurm
        $run = Invoke-Shell "$examples/slurm-array.sh" @{ LEDGER = "$desk/slurm.jsonl"; SLURM_JOB_ID = 71 }
        $run.Code | Should -Be 0 -Because $run.Text
        "$desk/requeued" | Should -Not -Exist
        (Get-Content -Raw "$examples/slurm-array.sh") -replace '00:50:00', '0.001' | Set-Content "$desk/late.sh"
        $run = Invoke-Shell "$desk/late.sh" @{ LEDGER = "$desk/late.jsonl"; SLURM_JOB_ID = 72 }
        $run.Code | Should -Be 2 -Because $run.Text
        Get-Content "$desk/requeued" | Should -Be 'requeue 72'
    }

    It 'restores the environment' {
        $null = Invoke-Reader $scripts[2]
        $env:CHUIZI_API_KEY | Should -BeNullOrEmpty
    }
}
