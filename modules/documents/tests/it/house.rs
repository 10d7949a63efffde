#[test]
fn the_module_keeps_the_rules_of_the_house() {
    kernel::house::house_rules(documents::module());
}
