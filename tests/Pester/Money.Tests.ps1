BeforeAll {
    . "$PSScriptRoot/Support.ps1"

    # The code blocks of the guide's worked example, in order.
    $text = [IO.File]::ReadAllText("$root/docs/guides/money.md").ReplaceLineEndings("`n")
    $section = [regex]::Match($text, '(?ms)^## Resume after a failure\n(?<it>.*?)^## ').Groups['it'].Value
    $blocks = @([regex]::Matches($section, '(?ms)^```powershell\n(?<code>.*?)^```$').ForEach({ $_.Groups['code'].Value }))

    $desk = "$TestDrive/desk"
    $null = New-Item $desk -ItemType Directory
    $reader = [powershell]::Create([initialsessionstate]::CreateDefault2())
    $null = $reader.AddScript("Set-Location '$desk'; Import-Module '$moduleFolder'; `$null = Start-ChuiziVideoSandbox -GenerationTime 0").Invoke()

    # Runs a block, and returns its output and errors, its cost, and the number of submissions.
    function Invoke-Block([string] $Code) {
        $before = Measure-Desk
        $reader.Commands.Clear()
        $reader.Streams.ClearStreams()
        $output = @($reader.AddScript($Code).Invoke())
        $after = Measure-Desk
        [pscustomobject]@{
            Output = $output
            Errors = @($reader.Streams.Error.ForEach({ $_.FullyQualifiedErrorId.Split(',')[0] }))
            Text   = "$($reader.Streams.Error)"
            Sent   = $after.Sent - $before.Sent
            Cost   = $before.Balance - $after.Balance
        }
    }

    function Measure-Desk {
        $reader.Commands.Clear()
        $balance = $reader.AddScript('(Get-ChuiziVideoAccount).Balance').Invoke()[0]
        $lines = @(Get-Content "$desk/run.jsonl" -ErrorAction Ignore)
        [pscustomobject]@{ Balance = $balance; Sent = @($lines -match '"step":"intent"').Count }
    }
}

AfterAll {
    $reader.Commands.Clear()
    $null = $reader.AddScript('Stop-ChuiziVideoSandbox').Invoke()
    $reader.Dispose()
}

Describe 'The worked example of docs/guides/money.md' {
    It 'stops at -MaxCost after the first row, with the error that the guide shows' {
        $blocks.Count | Should -Be 4
        $run = Invoke-Block $blocks[0]
        $run.Errors | Should -Be 'CostLimitReached'
        $run.Sent | Should -Be 1
        $run.Cost | Should -Be 0.9
        $section | Should -Match ([regex]::Escape($run.Text))
        Get-ChildItem $desk/done | Should -HaveCount 1
    }

    It 'sends only the remaining two rows in the second run' {
        $run = Invoke-Block $blocks[1]
        $run.Errors | Should -Be 'GenerationFailed'
        $run.Output.Status | Sort-Object | Should -Be 'failed', 'succeeded', 'succeeded'
        $run.Sent | Should -Be 2
        $run.Cost | Should -Be 0.12 -Because 'a refused video costs nothing'
        Get-ChildItem $desk/done | Should -HaveCount 2
    }

    It 'sends only the changed row in the third run' {
        $run = Invoke-Block $blocks[2]
        $run.Errors | Should -BeNullOrEmpty
        $run.Sent | Should -Be 1
        $run.Cost | Should -Be 0.12
        (Get-ChildItem $desk/done).Name | Sort-Object | Should -Be 'boat.mp4', 'kite.mp4', 'tower.mp4'
    }

    It 'does nothing in the fourth run' {
        $times = (Get-ChildItem $desk/done).LastWriteTimeUtc
        $run = Invoke-Block $blocks[3]
        $run.Errors | Should -BeNullOrEmpty
        $run.Sent | Should -Be 0
        $run.Cost | Should -Be 0
        "$($run.Output)" | Should -Match '^3 of 3 are in place, for 0(\.0+)? USD more\.$'
        (Get-ChildItem $desk/done).LastWriteTimeUtc | Should -Be $times
    }
}
