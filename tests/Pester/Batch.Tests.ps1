BeforeAll {
    . "$PSScriptRoot/Support.ps1"

    # A copy of the list elsewhere, so that paths in it have to be found beside it.
    $list = "$TestDrive/lists"
    $null = New-Item $list -ItemType Directory
    Copy-Item "$examples/*.png", "$examples/*.jpg" $list
    # What the summary in the output says.
    function Test-Summary([hashtable] $Wanted, [Parameter(ValueFromPipeline)] $Run) {
        foreach ($name in $Wanted.Keys) {
            $Run.Lines -match "^$name +: " -replace '.* : ' | Should -Be $Wanted[$name] -Because $name
        }
    }

    $start = "Import-Module '$moduleFolder'; `$null = Start-ChuiziVideoSandbox -GenerationTime 0; Set-Location '$TestDrive'"
}

Describe 'examples/batch.ps1' {
    It 'saves the example list, reports the refused row and ends with 3' {
        Copy-Item "$examples/prompts.csv" $list
        $run = Invoke-Pwsh "$start; & '$examples/batch.ps1' lists/prompts.csv -Destination done; exit `$LASTEXITCODE"
        $run.Code | Should -Be 3
        $run | Test-Summary @{ Total = 15; Saved = 14; Failed = 1; Cost = '$11.61' }
        $run.Lines -cmatch '^succeeded ' | Should -HaveCount 14
        $run.Lines -match 'Content policy violation' | Should -Not -BeNullOrEmpty
        Get-ChildItem $TestDrive/done | Should -HaveCount 14
    }

    It 'sends nothing when it is run again, and makes again what is gone' {
        Set-Content $list/again.csv 'Prompt,Model,Duration,FileName', 'a lake,google/veo-3.1-fast,4,lake', 'a hill,,4,hill'
        $batch = "& '$examples/batch.ps1' lists/again.csv again; (Get-ChuiziVideoAccount).Balance"
        $run = Invoke-Console "$start; $batch; Remove-Item again/hill.mp4; $batch"
        $run.Code | Should -Be 0
        $run.Lines -match '^Saved +: 2$' | Should -HaveCount 2
        $run.Lines -match '^Cost +: \$0\.72' | Should -HaveCount 2
        $run.Lines -match '^9999\.28' | Should -HaveCount 2
        (Get-ChildItem $TestDrive/again).Name | Sort-Object | Should -Be 'hill.mp4', 'lake.mp4'
        Get-Content "$list/again.csv.ledger.jsonl" | Where-Object { $_ -match '"step":"intent"' } | Should -HaveCount 2
    }

    It 'stops at -MaxCost with 3, and a rerun with more does the rest' {
        Set-Content $list/ceiling.csv 'Prompt,Model,Duration', 'a lake,google/veo-3.1-fast,4', 'a hill,,4'
        $batch = "& '$examples/batch.ps1' lists/ceiling.csv ceiling -Ledger ceiling.jsonl"
        $run = Invoke-Console "$start; $batch -MaxCost 0.7; `$LASTEXITCODE; $batch -MaxCost 1"
        $run.Code | Should -Be 0
        $run.Lines -match '^(Saved|Skipped) +: 1$' | Should -HaveCount 2
        $run.Lines -match '^Saved +: 2$' | Should -HaveCount 1
        $run.Lines -match '^Cost +: ' | Should -Match '\$0\.(60|72)'
        $run.Lines -contains '3' | Should -BeTrue
        "$TestDrive/ceiling.jsonl" | Should -Exist
    }

    It 'does not end with 0 when the money ran out half-way' {
        Set-Content $list/poor.csv 'Prompt,Duration', 'a lake,4', 'a hill,4'
        $poor = $start -replace '-GenerationTime 0', '-GenerationTime 0 -Balance 0.2'
        $run = Invoke-Console "$poor; & '$examples/batch.ps1' lists/poor.csv poor"
        $run.Code | Should -Be 2
        $run | Test-Summary @{ Total = 2; Saved = 1; Skipped = 1; Cost = '$0.12' }
    }

    It 'ends with 0 when all is saved, and goes back to the folder it came from' {
        Set-Content $list/good.csv 'Prompt,Model,Image', 'The light turns,bailian/wan2.6-i2v,lighthouse.png'
        $run = Invoke-Console "$start; & '$examples/batch.ps1' lists/good.csv good; `$PWD.Path"
        $run.Code | Should -Be 0
        $run.Lines[-1] | Should -Be (Get-Item $TestDrive).FullName
        Get-ChildItem $TestDrive/good | Should -HaveCount 1
    }

    It 'saves nothing of a list with a bad row, and does not end with 0' {
        Set-Content $list/bad.csv 'Prompt,Duration', 'a lake,4', 'a hill,soon'
        $run = Invoke-Console "$start; & '$examples/batch.ps1' lists/bad.csv bad"
        $run.Code | Should -Be 1
        "$($run.Lines)" | Should -Match 'Row 2'
        "$TestDrive/bad" | Should -Not -Exist
    }

    It 'ends with an error without a connection' {
        $run = Invoke-Console "Import-Module '$moduleFolder'; & '$examples/batch.ps1' -Destination '$TestDrive/none'"
        $run.Code | Should -Be 1
        "$($run.Lines)" | Should -Match 'No API key'
    }

    It 'ends with an error without a list' {
        $run = Invoke-Console "$start; & '$examples/batch.ps1' lists/none.csv"
        $run.Code | Should -Be 1
        "$($run.Lines)" | Should -Match 'none\.csv'
    }

    It 'does its part of the rows, each part with a ledger of its own, and the same again' {
        Set-Content $list/parts.csv 'Prompt,Duration,FileName', 'a,4,a', 'b,4,b', 'c,4,c', 'd,4,d', 'e,4,e'
        $batch = "foreach (`$index in 0, 1, 2) { & '$examples/batch.ps1' lists/parts.csv parts -Index `$index -Count 3 -Quiet }; (Get-ChuiziVideoAccount).Balance"
        $run = Invoke-Console "$start; $batch; $batch"
        $run.Lines -match '^Saved ' -replace '\D' | Should -Be '2', '2', '1', '2', '2', '1'
        $run.Lines -match '^9999\.40' | Should -HaveCount 2
        $run.Lines -match '^Status ' | Should -BeNullOrEmpty
        $ledgers = 0, 1, 2 | ForEach-Object { @(Get-ChuiziVideo -Ledger "$list/parts.csv.ledger.$_-of-3.jsonl").Prompt | Sort-Object | Join-String }
        $ledgers | Should -Be 'ad', 'be', 'c'
    }

    It 'has nothing to do in a part without rows, and no part beyond their number' {
        Set-Content $list/short.csv 'Prompt', 'a'
        $run = Invoke-Console "$start; & '$examples/batch.ps1' lists/short.csv short -Index 1 -Count 2; `$LASTEXITCODE; & '$examples/batch.ps1' lists/short.csv short -Index 2 -Count 2"
        $run.Lines[0, 1] | Should -Be 'Part 1 of 2 has no rows.', '0'
        "$($run.Lines)" | Should -Match 'no part 2 of 2'
        $run.Code | Should -Be 1
    }
}
