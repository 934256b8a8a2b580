BeforeAll {
    . "$PSScriptRoot/Support.ps1"

    # A copy of the list elsewhere, so that paths in it have to be found beside it.
    $list = "$TestDrive/lists"
    $null = New-Item $list -ItemType Directory
    Copy-Item "$examples/*.png", "$examples/*.jpg" $list
    $start = "Import-Module '$moduleFolder'; `$null = Start-ChuiziVideoSandbox -GenerationTime 0; Set-Location '$TestDrive'"
}

Describe 'examples/batch.ps1' {
    It 'saves the example list, reports the refused row and ends with 2' {
        Copy-Item "$examples/prompts.csv" $list
        $run = Invoke-Pwsh "$start; & '$examples/batch.ps1' lists/prompts.csv -Destination done; exit `$LASTEXITCODE"
        $run.Code | Should -Be 2
        $run.Lines -match '^14 saved in .*done, 1 failed, 0 open, \$11\.61 in all$' | Should -HaveCount 1
        $run.Lines -match '^succeeded ' | Should -HaveCount 14
        $run.Lines -match 'Content policy violation' | Should -Not -BeNullOrEmpty
        Get-ChildItem $TestDrive/done | Should -HaveCount 14
    }

    It 'sends nothing when it is run again, and makes again what is gone' {
        Set-Content $list/again.csv 'Prompt,Model,Duration,FileName', 'a lake,google/veo-3.1-fast,4,lake', 'a hill,,4,hill'
        $batch = "& '$examples/batch.ps1' lists/again.csv again; (Get-ChuiziVideoAccount).Balance"
        $run = Invoke-Pwsh "$start; $batch; Remove-Item again/hill.mp4; $batch; exit `$LASTEXITCODE"
        $run.Code | Should -Be 0
        $run.Lines -match '^2 saved in .*again, 0 failed, 0 open, \$0\.72 in all$' | Should -HaveCount 2
        $run.Lines -match '^9999\.28' | Should -HaveCount 2
        (Get-ChildItem $TestDrive/again).Name | Sort-Object | Should -Be 'hill.mp4', 'lake.mp4'
        Get-Content "$list/again.csv.ledger.jsonl" | Where-Object { $_ -match '"step":"intent"' } | Should -HaveCount 2
    }

    It 'stops at -MaxCost with 2, and a rerun with more does the rest' {
        Set-Content $list/ceiling.csv 'Prompt,Model,Duration', 'a lake,google/veo-3.1-fast,4', 'a hill,,4'
        $batch = "& '$examples/batch.ps1' lists/ceiling.csv ceiling -Ledger ceiling.jsonl"
        $run = Invoke-Pwsh "$start; $batch -MaxCost 0.7; `$LASTEXITCODE; $batch -MaxCost 1; exit `$LASTEXITCODE"
        $run.Code | Should -Be 0
        $run.Lines -match '^1 saved in .*, 0 failed, 1 open, \$0\.60 in all$' | Should -HaveCount 1
        $run.Lines -match '^2 saved in .*, 0 failed, 0 open, \$0\.72 in all$' | Should -HaveCount 1
        $run.Lines -contains '2' | Should -BeTrue
        "$TestDrive/ceiling.jsonl" | Should -Exist
    }

    It 'does not end with 0 when the money ran out half-way' {
        Set-Content $list/poor.csv 'Prompt,Duration', 'a lake,4', 'a hill,4'
        $poor = $start -replace '-GenerationTime 0', '-GenerationTime 0 -Balance 0.2'
        $run = Invoke-Pwsh "$poor; & '$examples/batch.ps1' lists/poor.csv poor; exit `$LASTEXITCODE"
        $run.Code | Should -Be 2
        $run.Lines -match '^1 saved in .*poor, 0 failed, 1 open, \$0\.12 in all$' | Should -HaveCount 1
    }

    It 'ends with 0 when all is saved, and goes back to the folder it came from' {
        Set-Content $list/good.csv 'Prompt,Model,Image', 'The light turns,bailian/wan2.6-i2v,lighthouse.png'
        $run = Invoke-Pwsh "$start; & '$examples/batch.ps1' lists/good.csv good; `$PWD.Path; exit `$LASTEXITCODE"
        $run.Code | Should -Be 0
        $run.Lines[-1] | Should -Be (Get-Item $TestDrive).FullName
        Get-ChildItem $TestDrive/good | Should -HaveCount 1
    }

    It 'saves nothing of a list with a bad row, and does not end with 0' {
        Set-Content $list/bad.csv 'Prompt,Duration', 'a lake,4', 'a hill,soon'
        $run = Invoke-Pwsh "$start; & '$examples/batch.ps1' lists/bad.csv bad; exit `$LASTEXITCODE"
        $run.Code | Should -Not -Be 0
        "$($run.Lines)" | Should -Match 'Row 2'
        "$TestDrive/bad" | Should -Not -Exist
    }

    It 'ends with an error without a connection' {
        $run = Invoke-Pwsh "Import-Module '$moduleFolder'; & '$examples/batch.ps1' -Destination '$TestDrive/none'"
        $run.Code | Should -Be 1
        "$($run.Lines)" | Should -Match 'No API key'
    }

    It 'ends with an error without a list' {
        $run = Invoke-Pwsh "$start; & '$examples/batch.ps1' lists/none.csv"
        $run.Code | Should -Be 1
        "$($run.Lines)" | Should -Match 'none\.csv'
    }
}
