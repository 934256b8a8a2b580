BeforeAll {
    . "$PSScriptRoot/Support.ps1"

    # Runs the examples of the guide in a folder with the files of a clone.
    $guide = [IO.File]::ReadAllText("$root/docs/guides/scale-out.md").ReplaceLineEndings("`n")
    $section = [regex]::Match($guide, '(?ms)\A(?<local>.*?)^## Run parts on hosts over SSH').Groups['local'].Value
    $blocks = [regex]::Matches($section, '(?ms)^```powershell\n(?<code>.*?)^```$').ForEach({ $_.Groups['code'].Value })
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

    $balance = '(Get-ChuiziVideoAccount).Balance'
    Invoke-Reader "Set-Location '$desk'; `$PSDefaultParameterValues = @{ 'Start-ChuiziVideoSandbox:GenerationTime' = 0 }"
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
    It 'shares a list between two processes' {
        $blocks | Should -HaveCount 6
        $null = Invoke-Reader $blocks[0]
        $null = Invoke-Reader $blocks[1]
        $results = Invoke-Reader '$results'
        $results.Total | Should -Be 6, 6
        $results.Saved | Should -Be 6, 6
        $results.ExitCode | Should -Be 0, 0
        (Get-ChildItem "$desk/lighthouse").Count | Should -Be 6
        Invoke-Reader $balance | Should -Be (10000 - 6 * 0.12)
    }

    It 'submits each row once, in three processes' {
        $null = Invoke-Reader $blocks[2]
        $summaries = Invoke-Reader '$summaries'
        $summaries.Total | Should -Be 4, 4, 4
        $summaries.Saved | Should -Be 4, 4, 4
        $summaries.ExitCode | Should -Be 0, 0, 0
        (Get-ChildItem "$desk/videos").BaseName | Sort-Object { [int] $_.Split('-')[1] } | Should -Be (1..12).ForEach({ "kite-$_" })
        Invoke-Reader $balance | Should -Be (10000 - 18 * 0.12)
    }

    It 'combines the ledgers' {
        $groups, $page = (Invoke-Reader $blocks[3]).Where({ $_ -isnot [IO.FileInfo] }, 'Split')
        $groups.Name | Should -Be 'succeeded'
        $groups[0].Count | Should -Be 12
        [regex]::Matches([IO.File]::ReadAllText($page.FullName), '<video ').Count | Should -Be 12
    }

    It 'sends and downloads nothing for the whole list with the combined ledger' {
        $times = (Get-ChildItem "$desk/videos").LastWriteTimeUtc
        $said = Invoke-Reader $blocks[4]
        $said[0].Saved | Should -Be 12
        $said[-1] | Should -Match '^0(\.0+)? USD more$'
        (Get-ChildItem "$desk/videos").LastWriteTimeUtc | Should -Be $times
    }

    It 're-submits rows that a new row moves, unless each part has the combined ledger' {
        $null = Invoke-Reader @'
$rows = @(Import-Csv prompts.csv)
@([pscustomobject]@{ Prompt = 'A new row'; Duration = 4; FileName = 'new' }; $rows) | Export-Csv moved.csv
0..2 | ForEach-Object { Copy-Item all.jsonl moved-$_.jsonl }
'@
        $run = '0..2 | ForEach-Object {{ ./examples/batch.ps1 moved.csv {0} -Index $_ -Count 3 -Ledger {0}-$_.jsonl -Quiet }}'
        $before = Invoke-Reader $balance
        (Invoke-Reader ($run -f 'moved')).ExitCode | Should -Be 0, 0, 0
        $before - (Invoke-Reader $balance)[0] | Should -Be 0.12

        # In the new combined ledger, entries that each part has copied count once.
        (Invoke-Reader 'Get-Content moved-*.jsonl | Set-Content moved.jsonl; Get-ChuiziVideo -Ledger moved.jsonl').Count | Should -Be 13

        # With the previous ledgers, every row is in the wrong part and is submitted again.
        $null = Invoke-Reader '0..2 | ForEach-Object { Copy-Item shard-$_.jsonl wrong-$_.jsonl }'
        $before = Invoke-Reader $balance
        $null = Invoke-Reader ($run -f 'wrong')
        $before - (Invoke-Reader $balance)[0] | Should -Be (13 * 0.12)
    }

    It 'restores the environment' {
        $null = Invoke-Reader $blocks[5]
        $env:CHUIZI_API_KEY | Should -BeNullOrEmpty
    }
}
